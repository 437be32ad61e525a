"""The grammar of hand-written records, both ways."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.markup import (
    Mark,
    MarkedRecord,
    MarkedSection,
    MarkupError,
    is_markup,
    parse_markup,
    write_markup,
)

RECORD = """#RECORD id=E001 admission=2018-03-05 discharge=2018-03-16
##入院记录
###主诉
{b1:body_part|双手}{s1:symptom|肿痛}3年，无{s2:symptom!absent|发热}。
𠮷💊{s3:symptom|晨僵}
##出院记录
###出院诊断
{d1:disease|类风湿关节炎}
#RELATIONS
body_part_symptom b1 s1
"""


def test_reads_attributes_sections_marks_and_relations() -> None:
    record = parse_markup(RECORD)

    first, last = record.sections
    assert record.attributes["admission"] == "2018-03-05"
    assert (first.note, first.section, last.note) == ("入院记录", "主诉", "出院记录")
    assert first.text == "双手肿痛3年，无发热。\n𠮷💊晨僵"
    assert first.marks[2] == Mark("s2", "symptom", "absent", 8, 10)
    assert [first.text[m.start : m.end] for m in first.marks] == ["双手", "肿痛", "发热", "晨僵"]
    assert record.relations == [("body_part_symptom", "b1", "s1")]


def test_writing_gives_the_same_text_and_record_back() -> None:
    record = parse_markup(RECORD)

    assert write_markup(record) == RECORD
    assert parse_markup(write_markup(record)) == record


def test_a_byte_order_mark_and_blank_lines_do_not_matter() -> None:
    assert parse_markup("\ufeff" + RECORD.replace("\n", "\n\n")) == parse_markup(RECORD)


@pytest.mark.parametrize(
    ("text", "expected"), [(RECORD, True), ("\ufeff\n" + RECORD, True), ("主诉：肿痛", False)]
)
def test_the_header_tells_markup(text: str, expected: bool) -> None:
    assert is_markup(text) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no #RECORD"),
        ("双手肿痛", "line 1: a record begins with #RECORD"),
        ("#RECORD id=E1\n双手肿痛", "line 2: text outside a section"),
        ("#RECORD id=E1\n##入院记录\n双手", "line 3: text outside a section"),
        ("#RECORD id=E1\n##n\n###s\n{b1:body_part|双手", "line 4: a brace"),
        ("#RECORD id=E1\n##n\n###s\n{body_part|双手}", "line 4: a brace"),
        ("#RECORD id=E1\n##n\n###s\n{a:x|双}{a:x|手}", "line 4: the id a is used twice"),
        ("#RECORD id=E1\n##n\n###s\n{a:x|双}\n#RELATIONS\nr a", "line 6: a relation line"),
        ("#RECORD id=E1\n##n\n###s\n{a:x|双}\n#RELATIONS\nr a b", "line 6: no entity"),
    ],
)
def test_errors_name_the_file_and_the_line(text: str, message: str) -> None:
    with pytest.raises(MarkupError, match=message) as caught:
        parse_markup(text, "E1.txt")

    assert str(caught.value).startswith("E1.txt")
    assert "双手" not in str(caught.value)


@pytest.mark.parametrize("text", ["a{b", "a}b", "#RECORD", "双手\n#肿痛"])
def test_text_that_does_not_fit_is_refused(text: str) -> None:
    record = MarkedRecord({"id": "E1"}, [MarkedSection("n", "主诉", text)])

    with pytest.raises(MarkupError, match="主诉"):
        write_markup(record)
