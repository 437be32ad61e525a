"""The generator writes the same inbox for the same seed, and admissions reads what was meant."""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path

import pytest

from rakg_assets.admissions.manifest import InboxSettings, build_manifest, raw_records
from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.markup import parse_markup
from rakg_assets.sample.faults import FAULTS
from rakg_assets.sample.generator import generate, write_annotated
from rakg_assets.sample.layouts import LAYOUTS
from rakg_assets.sample.stories import Words
from rakg_assets.sample.stream import stays

COUNT = 90
RECORDS = Path(__file__).resolve().parents[2] / "rakg_assets" / "sample" / "records"
MARKED = """#RECORD id=E{n} admission=2018-03-0{n} discharge=2018-04-0{n}
##入院记录
###主诉
{{b1:body_part|双手}}{{s1:symptom|肿痛}}3年，无{{s2:symptom!absent|发热}}。
###体格检查
一般情况：可
{line}{{b2:body_part|双腕}}{{p1:physical_examination|压痛}}（+）
##出院记录
###辅助检查
{{l1:lab_test|血沉}} 40mm/h
###出院诊断
{{d1:disease|类风湿关节炎}}
#RELATIONS
body_part_symptom b1 s1
"""


@pytest.fixture(scope="module")
def words():
    return Words(load_dictionaries(shipped_dictionaries()))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    return folder, generate(folder, COUNT)


def admitted(folder: Path, home: Path):
    """Manifest and {(record, note, section): text} as admissions reads the folder."""
    manifest = build_manifest(str(folder), InboxSettings(), home / "cache", home / "quarantine")
    months = sorted(manifest["month"].dropna().unique())
    rows = raw_records(manifest, months, home / "cache").itertuples()
    return manifest, {(r.record_id, r.note, r.section): r.text for r in rows}


@pytest.fixture(scope="module")
def read(inbox, tmp_path_factory):
    return admitted(inbox[0], tmp_path_factory.mktemp("home"))


def digest(folder: Path) -> dict[str, str]:
    files = (f for f in folder.rglob("*") if f.is_file())
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(files)
    }


def test_the_same_seed_writes_the_same_bytes(inbox, tmp_path):
    folder, report = inbox
    assert generate(tmp_path / "again", COUNT) == report
    assert digest(tmp_path / "again") == digest(folder)
    generate(tmp_path / "other", COUNT, seed=8)
    assert digest(tmp_path / "other") != digest(folder)


def test_every_record_is_admitted_with_its_texts_and_months(inbox, read, words):
    manifest, texts = read
    told = {s.id: s for s in islice(stays(7, words), COUNT)}
    accepted = manifest[manifest["outcome"] == "accepted"]
    assert set(accepted["record_id"]) == set(told)
    assert accepted["month"].value_counts().to_dict() == inbox[1]["months"]
    expected = {(s.id, note, name): t for s in told.values() for note, name, t in s.sections}
    assert texts.keys() == expected.keys()
    unmasked = {k: t for k, t in texts.items() if "＊" not in t}
    assert unmasked == {k: expected[k] for k in unmasked}
    assert all(len(texts[k]) == len(expected[k]) for k in texts)


def test_no_identifying_field_is_left_in_the_texts(read, words):
    _, texts = read
    everything = "\n".join(texts.values())
    for stay in islice(stays(7, words), COUNT):
        for secret in (stay.person.name, stay.doctor, stay.person.phone, stay.person.resident_id):
            assert secret not in everything


def test_some_texts_do_name_people(words):
    told = list(islice(stays(7, words), COUNT))
    texts = ["".join(t for *_, t in stay.sections) for stay in told]
    assert sum(s.person.name in t for s, t in zip(told, texts, strict=True)) > 5
    assert sum(s.doctor in t for s, t in zip(told, texts, strict=True)) > 5


def test_every_kind_of_refusal_stands_once_at_least(inbox, read):
    manifest, _ = read
    refused = manifest[manifest["outcome"] == "quarantined"]["reason"].value_counts().to_dict()
    said = inbox[1]["refused"]
    part = said.pop("malformed (in part)")
    assert refused == said | {"malformed": said["malformed"] + part}
    assert set(refused) == {reason for reason, _ in FAULTS} | {"duplicate_id"}


def test_every_format_is_written(inbox):
    assert set(inbox[1]["files"]) == {layout.name for layout in LAYOUTS}


def test_stays_vary_as_a_ward_does(words):
    told = list(islice(stays(7, words), 400))
    months = [s.month for s in told]
    counts = {m: months.count(m) for m in set(months)}
    assert sorted(counts) == [f"2018-0{i}" for i in range(1, 7)]
    assert max(counts.values()) > 1.5 * min(counts.values())
    assert any(s.discharge.month != s.admission.month for s in told)
    assert len({s.person.resident_id for s in told}) < len(told), "somebody comes again"
    assert all(s.discharge > s.admission for s in told)


def test_sentences_repeat_and_relations_are_told_often(words):
    text = "".join(t for s in islice(stays(7, words), 300) for *_, t in s.sections)
    sentences = [s for s in text.split("。") if s]
    assert len(set(sentences)) < 0.8 * len(sentences)
    for phrase in ("甲氨蝶呤", "后关节肿痛", "无明显改善", "休息后", "晨僵", "压痛（+）", "受凉后"):
        assert text.count(phrase) > 30, phrase


def test_most_records_diagnose_rheumatoid_arthritis(words):
    diagnoses = [{n + s: t for n, s, t in stay.sections} for stay in islice(stays(7, words), 300)]
    named = [d["出院记录出院诊断"] for d in diagnoses]
    share = sum("类风湿" in d or "类风关" in d for d in named) / len(named)
    assert 0.9 < share < 1
    assert sum("2." in d for d in named) > 150


def test_progress_counts_to_the_end(tmp_path):
    seen = []
    report = generate(tmp_path, 5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 5) for i in range(1, 6)]
    assert report["records"] == sum(report["months"].values()) == 5


def test_annotated_records_come_back_word_for_word(tmp_path):
    records = tmp_path / "records"
    records.mkdir()
    for n in range(1, 10):  # a line that reads as a heading fits no plain text
        line = "查体：" if n % 2 else ""
        (records / f"E{n}.txt").write_text(MARKED.format(n=n, line=line), encoding="utf-8")
    written = write_annotated(records, tmp_path / "inbox")
    assert sum(written.values()) == 9
    assert len(written) > 3
    manifest, texts = admitted(tmp_path / "inbox", tmp_path / "home")
    assert set(manifest["outcome"]) == {"accepted"}
    assert {str(d)[:7] for d in manifest["discharge"]} == {"2018-04"}
    for n in range(1, 10):
        for section in parse_markup((records / f"E{n}.txt").read_text(encoding="utf-8")).sections:
            assert texts[f"E{n}", section.note, section.section] == section.text


def test_the_shipped_records_come_back_word_for_word(tmp_path):
    write_annotated(RECORDS, tmp_path / "inbox")
    _, texts = admitted(tmp_path / "inbox", tmp_path / "home")
    for path in RECORDS.glob("*.txt"):
        record = parse_markup(path.read_text(encoding="utf-8"))
        for section in record.sections:
            text = texts[record.attributes["id"], section.note, section.section]
            assert len(text) == len(section.text)
            assert all(a in (b, "＊") for a, b in zip(text, section.text, strict=True))


def test_an_annotated_record_without_dates_is_named(tmp_path):
    (tmp_path / "E1.txt").write_text("#RECORD id=E1\n##入院记录\n###主诉\n痛\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"E1\.txt, #RECORD line.*admission=YYYY-MM-DD"):
        write_annotated(tmp_path, tmp_path / "inbox")
