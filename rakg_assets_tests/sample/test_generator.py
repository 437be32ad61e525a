"""The generator writes the same inbox for the same seed, and admissions reads what was meant."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from rakg_assets.admissions.manifest import (
    InboxSettings,
    build_manifest,
    file_report,
    raw_records,
)
from rakg_assets.admissions.refusals import REASONS
from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.markup import parse_markup
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample.companions import COMPANIONS
from rakg_assets.sample.faults import FAULTS
from rakg_assets.sample.generator import generate, write_annotated
from rakg_assets.sample.layouts import LAYOUTS
from rakg_assets.sample.stream import stays
from rakg_assets.sample.words import Words

COUNT = 120
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
def told(words):
    """The stays of the default corpus."""
    return list(stays(7, words, 1986))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    return folder, generate(folder, COUNT, defective=len(FAULTS))


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
    assert generate(tmp_path / "again", COUNT, defective=len(FAULTS)) == report
    assert digest(tmp_path / "again") == digest(folder)
    generate(tmp_path / "other", COUNT, seed=8)
    assert digest(tmp_path / "other") != digest(folder)


def test_the_same_bytes_whatever_the_hash_seed(tmp_path):
    """Sets are in another order in another process; nothing may depend on it."""
    code = (
        "import sys, pathlib, rakg_assets.sample.generator as g\n"
        "g.generate(pathlib.Path(sys.argv[1]), 40)"
    )
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, tmp_path / seed], check=True, env=environment)
    assert digest(tmp_path / "1") == digest(tmp_path / "2")


def test_every_record_is_admitted_with_its_texts_and_months(inbox, read, words):
    manifest, texts = read
    told = {s.id: s for s in stays(7, words, COUNT)}
    accepted = manifest[manifest["outcome"] == "accepted"]
    assert sorted(accepted["record_id"]) == sorted(told)
    assert accepted["month"].value_counts().to_dict() == inbox[1].months
    expected = {(s.id, note, name): t for s in told.values() for note, name, t in s.sections}
    assert texts.keys() == expected.keys()
    unmasked = {k: t for k, t in texts.items() if "＊" not in t}
    assert unmasked == {k: expected[k] for k in unmasked}
    assert all(len(texts[k]) == len(expected[k]) for k in texts)


def test_no_identifying_field_is_left_in_the_texts(read, words):
    _, texts = read
    everything = "\n".join(texts.values())
    for stay in stays(7, words, COUNT):
        person = stay.person
        secrets = (person.name, stay.doctor, person.phone, person.resident_id)
        assert not any(secret in everything for secret in secrets)


def test_some_texts_do_name_people(words):
    told = list(stays(7, words, COUNT))
    texts = ["".join(t for *_, t in stay.sections) for stay in told]
    assert sum(s.person.name in t for s, t in zip(told, texts, strict=True)) > 5
    assert sum(s.doctor in t for s, t in zip(told, texts, strict=True)) > 5


def test_the_inbox_says_of_every_file_what_the_generator_says(inbox, read):
    _, report = inbox
    judged = {f["file"]: (f["outcome"], f["reason"]) for f in file_report(read[0])}
    not_taken = {name: said for name, said in judged.items() if said != ("accepted", None)}
    assert not_taken == {d.file: (d.outcome, d.reason) for d in report.defects}
    assert len(judged) == sum(report.files.values()) + len(report.defects)


def test_every_reason_and_outcome_is_there(inbox):
    defects = inbox[1].defects
    assert len(defects) == len(FAULTS)
    assert {d.reason for d in defects} == {*REASONS} - {"unreadable"}
    assert {f.reason for f in FAULTS[:13]} == {*REASONS} - {"unreadable"}
    assert {d.outcome for d in defects} == {"quarantined", "partial", "ignored"}
    assert sum(inbox[1].defective.values()) == len(FAULTS)


def test_one_file_for_a_hundred_records_is_defective_by_default(tmp_path):
    assert len(generate(tmp_path / "one", 100).defects) == 1
    assert not generate(tmp_path / "none", 20).defects
    assert len(generate(tmp_path / "many", 4, defective=9).defects) == 4


def test_every_format_is_written(tmp_path):
    report = generate(tmp_path, 400)
    assert {*report.files} == {layout.name for layout in LAYOUTS}


def test_sentences_repeat_as_in_real_records(tmp_path):
    report = generate(tmp_path)
    assert report.records == report.sentence_records == sum(report.months.values()) == 1986
    assert 800 < report.patients < 1000
    assert 0.42 < report.distinct_share < 0.6
    assert report.sentences > 60_000
    assert len(report.defects) == 20
    assert "no model is measured" in str(report)
    assert "unreadable" not in report.defective
    for kind, facts in report.concepts.items():
        assert facts.told > 40, kind
        assert 0.4 < facts.exponent < 2.2, kind


def test_relations_are_told_often(told):
    text = "".join(t for s in told[:300] for *_, t in s.sections)
    for phrase in ("甲氨蝶呤", "后关节肿痛", "无明显改善", "休息后", "晨僵", "压痛（+）", "受凉后"):
        assert text.count(phrase) > 15, phrase


def test_most_records_diagnose_rheumatoid_arthritis(told):
    diagnoses = [{n + s: t for n, s, t in stay.sections} for stay in told]
    named = [d["出院记录出院诊断"] for d in diagnoses]
    share = sum("类风" in d or "RA" in d for d in named) / len(named)
    assert 0.9 < share < 1
    assert sum("2." in d for d in named) > 0.5 * len(named)


def test_one_who_comes_again_has_the_same_past(told):
    """A patient's sections that last are the same in a year, the numbers and sex always."""
    firsts: dict[str, object] = {}
    again = 0
    for stay in told:
        first = firsts.setdefault(stay.person.resident_id, stay)
        if first is stay:
            continue
        assert stay.comes_again
        assert (stay.person, first.person) == (first.person, stay.person)
        assert stay.admission > first.discharge
        if stay.admission.year == first.admission.year:
            again += 1
            assert section(stay, "既往史") == section(first, "既往史")
            assert section(stay, "出院诊断") == section(first, "出院诊断")
    assert again > 100
    assert sum("自我科出院" in section(s, "现病史") for s in told if s.comes_again) > 100
    assert not any("自我科出院" in section(s, "现病史") for s in told if not s.comes_again)


def section(stay, name: str) -> str:
    return next(text for _, section, text in stay.sections if section == name)


def test_memory_does_not_grow_with_the_count(tmp_path, monkeypatch):
    """The peak of a late ward is that of an early one."""
    ward, wards, peaks = 100, 10, []
    monkeypatch.setattr("rakg_assets.sample.visits.WARD", ward)
    monkeypatch.setattr("rakg_assets.sample.census.WARD", ward)

    def measure(done: int, _: int) -> None:
        if done % ward == 0:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()

    tracemalloc.start()
    try:
        generate(tmp_path, ward * wards, progress=measure)
    finally:
        tracemalloc.stop()
    # The interpreter grows a table of its own once; remembered records would be far more.
    assert peaks[-1] < 1.3 * max(peaks[1:5])


def test_progress_counts_to_the_end(tmp_path):
    seen = []
    report = generate(tmp_path, 5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 5) for i in range(1, 6)]
    assert report.records == sum(report.months.values()) == 5


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


def test_nothing_is_called_sound_beside_a_finding_that_is_not(told):
    """Sentences of an examination and of tests do not deny each other."""
    for stay in told[:400]:
        examined = section(stay, "体格检查")
        for sound, ill in (
            ("双肺呼吸音清", ("啰音（", "可闻及湿啰音", "可闻及干啰音", "哮鸣音", "呼吸音减低")),
            ("双下肢无水肿", ("双下肢水肿", "小腿水肿")),
            ("腹软，无压痛", ("腹部压痛", "右上腹压痛")),
            ("心律齐", ("心律不齐",)),
            ("肌力、肌张力正常", ("肌力减退", "肌张力异常")),
        ):
            assert not (sound in examined and any(sign in examined for sign in ill)), stay.id
        tests = next(t for n, s, t in stay.sections if s == "辅助检查")
        assert not ("肝肾功能、尿常规未见异常" in tests and "氨基转移酶升高" in tests), stay.id


def test_the_companions_are_common_and_rare_ones(told):
    named = Counter(name for s in told for kind, name in s.concepts if kind == EntityType.DISEASE)
    assert named["高血压病"] > 150
    rare = [c.disease for c in COMPANIONS[100:]]
    assert sum(named[disease] >= 6 for disease in rare) > len(rare) / 2
