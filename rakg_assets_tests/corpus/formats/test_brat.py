"""brat standoff as brat and other programs write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.formats import brat


def standoff(folder: Path, text: str, ann: str) -> Path:
    (folder / "E001.txt").write_bytes(text.encode())
    path = folder / "E001.ann"
    path.write_bytes(ann.encode())
    return path


def test_reads_entities_attributes_and_relations(tmp_path: Path) -> None:
    ann = (
        "A1\tAssertion T3 absent\n"
        "T1\tbody_part 0 2\t双手\nT2\tsymptom 2 4\t肿痛\nT3\t症状 5 7\t发热\r\n"
        "R1\tbody_part_symptom Arg1:T1 Arg2:T2\t\n"
        "R2\tbody_part_symptom Arg2:T3 Arg1:T1\n"
    )

    reading = brat.read(standoff(tmp_path, "双手肿痛无发热", ann), "E001.ann")

    [piece] = reading.pieces
    document = piece.document
    assert reading.problems == []
    assert (document.id, document.note, document.section) == ("E001", "病历", "全文")
    assert [(e.text, e.label, e.assertion) for e in document.entities] == [
        ("双手", "body_part", "present"),
        ("肿痛", "symptom", "present"),
        ("发热", "symptom", "absent"),
    ]
    assert [(r.head, r.tail) for r in document.relations] == [(0, 1), (0, 2)]


def test_says_what_it_does_not_hold(tmp_path: Path) -> None:
    ann = (
        "T1\tsymptom 0 2\t肿痛\nE1\tsymptom:T1\nN1\tReference T1 ICD:M05\t类风湿\n"
        "M1\tNegation T1\nA2\tSeverity T1 3\nA3\tNegated T1\n"
        "#1\tAnnotatorNotes T1\t再看\n*\tEquiv T1 T1\n"
    )

    reading = brat.read(standoff(tmp_path, "肿痛", ann), "E001.ann")

    reasons = sorted(p.reason for p in reading.problems)
    assert reasons == [
        "1 equivalences are not held",
        "1 events are not held",
        "1 modifications are not held",
        "1 normalisations are not held",
        "1 notes are not held",
        "2 attributes other than Assertion are not held",
    ]
    assert len(reading.pieces[0].document.entities) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T2\tsymptom 0 9\t肿痛", "not the text marked there"),
        ("T2\tsymptom 0 2\t发热", "not the text marked there"),
        ("T2\tsymptom 1 1\t", "not the text marked there"),
        ("T2\tsymptom x 2\t肿痛", "no `label start end`"),
        ("T2\tsymptom 0 1;3 4\t肿 热", "several pieces"),
        ("T1\tsymptom 0 2\t肿痛", "used twice"),
        ("R1\tbody_part_symptom Arg1:T1", "no `label Arg1:T1 Arg2:T2`"),
        ("R1\tbody_part_symptom Arg1:T1 Arg2:T9", "names the entity T9"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = standoff(tmp_path, "肿痛发热", f"T1\tsymptom 0 2\t肿痛\n{line}\n")

    reading = brat.read(path, "E001.ann")

    assert [reason in p.reason for p in reading.problems] == [True]
    assert [e.text for e in reading.pieces[0].document.entities] == ["肿痛"]


def test_offsets_count_line_ends_as_they_are_and_astral_characters_once(tmp_path: Path) -> None:
    text = "𠮷💊\r\n肿痛"

    reading = brat.read(standoff(tmp_path, text, "T1\tsymptom 4 6\t肿痛\n"), "E001.ann")

    assert reading.pieces[0].document.text == text
    assert reading.pieces[0].document.entities[0].start == 4


def test_a_byte_order_mark_is_no_text_but_counts(tmp_path: Path) -> None:
    path = standoff(tmp_path, "\ufeff肿痛", "T1\tsymptom 1 3\t肿痛\n")

    document = brat.read(path, "E001.ann").pieces[0].document

    assert (document.text, document.entities[0].start) == ("肿痛", 0)


def test_a_mention_over_a_line_break_is_one_span_a_line(tmp_path: Path) -> None:
    entity = Entity(0, 5, "symptom", "肿痛\n加重")
    record = AnnotatedRecord("E1", (Document("E1", "肿痛\n加重", "n", "s", (entity,)),))

    brat.write([record], tmp_path)

    path = tmp_path / "E1" / "01.ann"
    assert path.read_text("utf-8") == "T1\tsymptom 0 2;3 5\t肿痛 加重\n"
    assert brat.read(path, "01.ann").pieces[0].document.entities == (entity,)


def test_a_section_fewer_leaves_no_file_behind(tmp_path: Path) -> None:
    sections = tuple(Document("E1", "肿痛", "入院记录", name) for name in ("主诉", "现病史"))

    brat.write([AnnotatedRecord("E1", sections)], tmp_path)
    brat.write([AnnotatedRecord("E1", sections[:1])], tmp_path)

    assert sorted(p.name for p in (tmp_path / "E1").iterdir()) == [
        "01.ann",
        "01.txt",
        "record.json",
    ]


def test_an_ann_without_its_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.ann").touch()

    assert "no .txt" in brat.read(tmp_path / "a.ann", "a.ann").problems[0].reason


def test_the_configuration_names_the_labels_of_the_guideline() -> None:
    text = brat.configuration()

    assert "treatment_improved\tArg1:treatment, Arg2:disease|symptom\n" in text
    assert "Assertion\tArg:<ENTITY>, Value:present|absent|possible|family\n" in text
    assert "disease_symptom" not in text
