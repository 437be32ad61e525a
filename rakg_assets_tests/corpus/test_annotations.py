"""Reading, writing and the table: round trips over all formats, and files that are no good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.annotations import annotation_table, read_annotations, write_annotations
from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.formats import FORMATS
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.corpus.strategies import plain_texts, records

MARKUP = """#RECORD id={id} admission=2018-03-05 discharge=2018-03-16
##入院记录
###主诉
{{b1:body_part|双手}}{{s1:symptom|肿痛}}3年，无{{s2:symptom!absent|发热}}。
#RELATIONS
body_part_symptom b1 s1
"""
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def bare(found: list[AnnotatedRecord]) -> list[AnnotatedRecord]:
    return [replace(r, source="") for r in found]


@pytest.mark.parametrize("name", sorted(FORMATS))
@slow
@given(data=st.data())
def test_what_comes_back_differs_only_where_a_loss_is_named(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    target = tmp_path_factory.mktemp("export")
    written = data.draw(records())

    losses = write_annotations([written], name, target)
    back, problems = read_annotations(target)

    assert (bare(back) == [written]) is (losses == [])
    assert problems == []


@pytest.mark.parametrize("name", ["label_studio", "doccano"])
@slow
@given(written=records())
def test_json_formats_hold_any_text_and_any_spans(
    name: str, written: AnnotatedRecord, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert write_annotations([written], name, tmp_path_factory.mktemp("export")) == []


@slow
@given(written=records(plain_texts))
def test_brat_holds_any_spans_of_plain_text(
    written: AnnotatedRecord, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert write_annotations([written], "brat", tmp_path_factory.mktemp("export")) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_two_annotators_of_one_record_stay_two(name: str, tmp_path: Path) -> None:
    first = AnnotatedRecord("E1", (Document("E1", "肿痛", "入院记录", "主诉"),), annotator="a")
    label = Entity(0, 2, "symptom", "肿痛")
    second = replace(
        first, sections=(replace(first.sections[0], entities=(label,)),), annotator="b"
    )

    assert write_annotations([second, first], name, tmp_path) == []
    assert bare(read_annotations(tmp_path)[0]) == [first, second]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_odd_ids_stay_in_the_target_folder(name: str, tmp_path: Path) -> None:
    ids = ["../../etc/E1", "E/1", "E\\1", "E%1", ".hidden", "住院号" * 80, "CON"]
    written = [AnnotatedRecord(i, (Document(i, "肿痛", "入院记录", "主诉"),)) for i in ids]

    assert write_annotations(written, name, tmp_path / "a") == []
    assert {r.id for r in read_annotations(tmp_path / "a")[0]} == set(ids)
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_losses_say_where_and_why(tmp_path: Path) -> None:
    section = Document("E1", "{双手}肿痛", "入院记录", "主诉")
    overlap = (Entity(0, 2, "body_part", "双手"), Entity(1, 4, "symptom", "手肿痛", score=0.5))
    other = Document("E1", "双手肿痛", "入院记录", "现病史", overlap)
    record = AnnotatedRecord("E1", (section, other))

    text, entities, scores = write_annotations([record], "markup", tmp_path)

    assert text.startswith("E1 入院记录/主诉: left out; no braces")
    assert entities.startswith("E1 入院记录/现病史: 1 entities left out; no overlaps")
    assert "scores" in scores
    assert not any("肿痛" in loss for loss in (text, entities, scores))


def test_a_record_that_does_not_fit_or_comes_twice_is_named(tmp_path: Path) -> None:
    record = AnnotatedRecord("E 1", (Document("E 1", "肿痛", "入院记录", "主诉"),))

    assert write_annotations([record], "markup", tmp_path)[0].startswith("E 1: left out;")
    assert "twice" in write_annotations([record, record], "brat", tmp_path / "b")[0]


def test_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="brat"):
        write_annotations([], "docx", tmp_path)


def test_bad_files_stop_no_other(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(MARKUP.format(id="E1"), "utf-8")
    (tmp_path / "b1.txt").write_text("患者张三", "utf-8")
    (tmp_path / "b2.txt").write_bytes("#RECORD id=E2\n##入院记录".encode("gb18030"))
    (tmp_path / "b3.json").write_text("[{", "utf-8")
    (tmp_path / "b4.json").write_text("[" * 100_000, "utf-8")
    (tmp_path / "b5.ann").write_text("T1\tsymptom 0 2\t肿痛\n", "utf-8")
    (tmp_path / "b6.docx").write_bytes(b"PK")
    (tmp_path / "b7.txt").write_text("#RECORD id=E7\n张三肿痛\n", "utf-8")
    (tmp_path / "b8.jsonl").write_text("张三\n[]\n", "utf-8")

    found, problems = read_annotations(tmp_path)

    assert [r.id for r in found] == ["E1"]
    named = {p.place.split(",")[0] for p in problems}
    assert named == {p.name for p in tmp_path.iterdir()} - {"good.txt"}
    assert all(p.reason and p.remedy for p in problems)
    assert "张三" not in "".join(map(str, problems))


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    found, [problem] = read_annotations(tmp_path / "none")

    assert found == []
    assert "does not exist" in problem.reason


def test_one_file_can_be_read_alone_and_links_and_hidden_files_are_not(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(MARKUP.format(id="E1"), "utf-8")
    (tmp_path / ".b.txt").write_text(MARKUP.format(id="E2"), "utf-8")
    (tmp_path / "c.txt").symlink_to(file)

    assert [r.id for r in read_annotations(file)[0]] == ["E1"]
    assert read_annotations(tmp_path)[1] == []


def test_the_same_record_in_two_files_is_kept_once_and_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(MARKUP.format(id="E1"), "utf-8")

    [record], [problem] = read_annotations(tmp_path)

    assert record.source == "a.txt"
    assert problem.place.startswith("b.txt")


def test_table_has_the_declared_columns_and_true_offsets(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(MARKUP.format(id="E1"), "utf-8")

    table = annotation_table(read_annotations(tmp_path)[0])

    assert list(table.columns) == TABLES["annotations"].column_names
    [row] = table.to_dict("records")
    assert row["admission"] == date(2018, 3, 5)
    assert all(row["text"][e["start"] : e["end"]] == e["text"] for e in row["entities"])
    assert row["entities"][2]["assertion"] == "absent"
    assert row["relations"] == [{"label": "body_part_symptom", "head": 0, "tail": 1}]
    assert list(annotation_table([]).columns) == TABLES["annotations"].column_names
