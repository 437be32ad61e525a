"""Like words labelled alike: each kind of doubt found, each exception heeded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem
from rakg_assets.corpus.consistency import EXCEPTIONS, check_consistency, read_exceptions
from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.ontology.markup import parse_markup

MARKED = "{s1:symptom|肿痛}"


def record(name: str, marked: str, section: str = "现病史", annotator: str = "") -> AnnotatedRecord:
    text = f"#RECORD id={name}\n##入院记录\n###{section}\n{marked}\n#RELATIONS\n"
    [parsed] = parse_markup(text).sections
    entities = tuple(
        Entity(m.start, m.end, m.label, parsed.text[m.start : m.end], m.assertion)
        for m in parsed.marks
    )
    document = Document(name, parsed.text, "入院记录", section, entities)
    return AnnotatedRecord(name, (document,), annotator=annotator)


def found(*records: AnnotatedRecord, exceptions: Iterable[str] = ()) -> list[Problem]:
    return check_consistency(records, exceptions)


def test_the_rarer_way_is_reported() -> None:
    usual = [record(f"E{n}", f"双手{MARKED}") for n in range(4)]

    [bare] = found(*usual, record("E9", "双膝肿痛"))
    [marked] = found(
        usual[0], *(record(f"E{n}", "双膝肿痛") for n in range(7, 10)), record("E6", "无肿痛")
    )

    assert str(bare) == (
        "E9 入院记录/现病史, 2-4: bare here, but 4 times symptom; mark it, or give a reason in "
        "consistency.csv"
    )
    assert (marked.place, marked.reason) == (
        "E0 入院记录/现病史, 2-4",
        "symptom here, but 4 times bare",
    )


def test_one_form_has_one_type() -> None:
    usual = [record(f"E{n}", "{t1:treatment|中药}") for n in range(4)]

    [problem] = found(*usual, record("E9", "{m1:mitigation_factor|中药}"))

    assert problem.place.startswith("E9 ")
    assert problem.reason == "mitigation_factor here, but 4 times treatment"


@pytest.mark.parametrize(
    ("first", "second", "section"),
    [
        ("{s1:symptom|肿胀}", "{p1:physical_examination|肿胀}", "现病史"),
        ("{a1:aggravating_factor|平卧}", "{m1:mitigation_factor|平卧}", "现病史"),
    ],
)
def test_what_the_context_decides_is_no_doubt(first: str, second: str, section: str) -> None:
    assert not found(record("E1", first, section), record("E2", second, section))


def test_sections_of_other_kinds_are_not_compared() -> None:
    told = [record(f"E{n}", "{s1:symptom|肿胀}") for n in range(3)]

    assert not found(*told, record("E9", "{p1:physical_examination|肿胀}", "体格检查"))


@pytest.mark.parametrize(
    "text", ["{s1:symptom|肿痛}、{s2:symptom|关节肿痛}", "关节", "PARA", "1RA"]
)
def test_parts_of_longer_forms_and_words_are_not_bare(text: str) -> None:
    usual = [
        record(f"E{n}", "{s1:symptom|肿痛}，{s2:symptom|关节肿痛}，{d1:disease|RA}")
        for n in range(3)
    ]

    assert not found(*usual, record("E9", text))


def test_where_usage_is_divided_the_context_decides() -> None:
    marked = [record(f"E{n}", MARKED) for n in range(3)]

    assert not found(*marked, record("E9", "双膝肿痛"))
    assert not found(*marked, record("E8", "{p1:physical_examination|肿痛}", "体格检查"))


def test_of_several_annotators_one_speaks() -> None:
    settled = [record(f"E{n}", MARKED) for n in range(3)]

    assert not found(*settled, record("E1", "肿痛", annotator="second"))


def test_exceptions_are_read_from_beside_the_annotations(tmp_path: Path) -> None:
    path = tmp_path / EXCEPTIONS
    path.write_text("words,reason\n转肿痛科,a ward\n，中药,here it eases\n", "utf-8")
    usual = [record(f"E{n}", MARKED + "{t1:treatment|中药}") for n in range(8)]
    odd = record("F1", "转肿痛科，{m1:mitigation_factor|中药}，不肿痛")

    assert len(found(*usual, odd)) == 3
    [left] = found(*usual, odd, exceptions=read_exceptions(tmp_path))
    assert left.place == "F1 入院记录/现病史, 9-11"
    assert read_exceptions(tmp_path / "E1.txt") == read_exceptions(tmp_path)
    assert read_exceptions(tmp_path / "other" / "folder") == frozenset()


@pytest.mark.parametrize("text", ["a,b\n", "words,reason\n,x\n", "words,reason\nx,\n"])
def test_a_damaged_list_of_exceptions_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / EXCEPTIONS).write_text(text, "utf-8")

    with pytest.raises(ValueError, match=r"consistency\.csv"):
        read_exceptions(tmp_path)
