"""Plain text cut into stays, sections and fields."""

from __future__ import annotations

import time

import pytest

from rakg_assets.admissions.plain import parse_plain
from rakg_assets.admissions.records import RawRecord
from rakg_assets.admissions.refusals import Refusal
from rakg_assets_tests.admissions.inboxes import BODY, SECTIONS, plain


def sections(stay: RawRecord) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[str]] = {}
    for section, text in stay.sections:
        found.setdefault((section.note, section.section), []).append(text.strip())
    return {place: "\n".join(texts) for place, texts in found.items()}


def only(text: str) -> RawRecord:
    (stay,) = parse_plain(text)
    return stay


STYLES = {
    "brackets": BODY,
    "brackets, text below": BODY.replace("】", "】\n"),
    "bare": BODY.replace("【", "").replace("】", "\n"),
    "colon": BODY.replace("【", "").replace("】", "："),
    "half-width colon": BODY.replace("【", "").replace("】", ":"),
    "hash": BODY.replace("【", "## ").replace("】", "\n").replace("院记录", "院记录\n"),
    "hash without space": BODY.replace("【", "##").replace("】", "\n"),
    "square brackets": BODY.replace("【", "[").replace("】", "]"),
    "inner spaces": BODY.replace("主诉", "主 诉").replace("诊疗经过", "诊　疗　经　过"),
    "zero-width": BODY.replace("主诉", "主\u200b诉").replace("出院记录", "\ufeff出院\u2060记录"),
    "numbered": BODY.replace("【主诉】", "一、主诉：").replace("【现病史】", "二、现病史："),
    "CRLF": BODY.replace("\n", "\r\n"),
    "CR": BODY.replace("\n", "\r"),
    "form feeds": BODY.replace("\n", "\n\x0c\n"),
    "one line": BODY.replace("\n", ""),
    "title": BODY.replace("出院记录", "南屏市第三人民医院\n出院记录（第1次）"),
}


@pytest.mark.parametrize("body", STYLES.values(), ids=STYLES.keys())
def test_reads_every_style_of_heading(body: str) -> None:
    assert sections(only(plain(body))) == SECTIONS


def test_reads_the_fields_of_the_header() -> None:
    stay = only(plain())
    assert stay.record_id == "A"
    assert (str(stay.admission), str(stay.discharge)) == ("2018-04-09", "2018-04-20")
    assert "葛某某" in stay.header


@pytest.mark.parametrize(
    "line",
    [
        "入院日期：2018-04-09",
        "入 院 时 间 ：2018/4/9 10:30",
        "【入院日期】2018.04.09",
        "Admission: 20180409",
        "入院日期 ２０１８年４月９日",
        "入院日期为2018年4月9日",
        "| 入院日期 | 2018-04-09 |",
    ],
)
def test_reads_a_labelled_admission_in_any_form(line: str) -> None:
    assert str(only(f"{line}\n【主诉】痛").admission) == "2018-04-09"


def test_fields_may_stand_at_the_foot() -> None:
    stay = only(f"{BODY}\n入院日期：2018年4月9日　出院日期：2018年4月20日\n记录编号：B\n")
    assert (stay.record_id, str(stay.discharge)) == ("B", "2018-04-20")
    assert sections(stay) == SECTIONS


@pytest.mark.parametrize(
    "text",
    [
        "记录日期：2018年4月9日\n2018年4月9日\n【主诉】痛",
        "出院日期：2018年4月9日\n【主诉】痛",
        "【现病史】2018年4月9日收入我科。\n【既往史】入院日期：2018-04-09",
        "入院日期：2018年2月30日\n【主诉】痛",
        "预约入院日期：2018年4月9日\n【主诉】痛",
        "入院日期：不详\n【主诉】痛\n医师签名：某某 2018年4月9日",
    ],
)
def test_other_dates_are_no_admission(text: str) -> None:
    assert only(text).admission is None


def test_a_sentence_dates_a_stay_where_no_field_does() -> None:
    text = "入院日期：2018-02-30\n【入院情况】患者因痛于2018年3月4日收入我科。"
    assert str(only(text).admission) == "2018-03-04"


def test_words_of_headings_in_running_text_do_not_split() -> None:
    history = (
        "患者既往史：高血压，见辅助检查：血沉，详见【体格检查】。\n体格检查未见异常，主诉同前。"
    )
    stay = only(f"主诉：痛\n现病史：{history}\n既往史：无")
    assert sections(stay)["入院记录", "现病史"] == history
    assert len(stay.sections) == 3


def test_an_examination_told_within_the_discharge_note_stays_there() -> None:
    stay = only("【出院记录】\n出院情况：好转。\n查体：双膝压痛(-)。\n出院诊断：RA")
    assert sections(stay)["出院记录", "出院情况"] == "好转。\n查体：双膝压痛(-)。"


def test_either_note_may_come_first_and_findings_follow_their_note() -> None:
    head, _, tail = BODY.partition("出院记录")
    assert sections(only(plain(f"出院记录{tail}\n{head}"))) == SECTIONS
    without = only("【出院诊断】RA\n【辅助检查】血沉\n【主诉】痛")
    assert ("入院记录", "辅助检查") in sections(without)


def test_sections_with_one_meaning_are_joined() -> None:
    stay = only("【婚育史】已婚。\n【月经史】14岁。\n【生育史】1-0-0-1\n【专科检查】肿\n查体：T36")
    assert sections(stay)["入院记录", "婚育史"] == "已婚。\n14岁。\n1-0-0-1"
    assert sections(stay)["入院记录", "体格检查"] == "肿\nT36"


def test_a_signature_is_part_of_the_last_section() -> None:
    stay = only("【初步诊断】RA\n医师签名：某某\n2018年4月9日")
    assert sections(stay)["入院记录", "初步诊断"].endswith("2018年4月9日")


def test_text_without_sections_is_kept_whole() -> None:
    text = "入院记录\n入院日期：2018-04-09\n患者双手肿痛。"
    assert sections(only(text)) == {("病历", "全文"): text}


def test_a_sentence_outside_of_sections_is_not_lost() -> None:
    stay = only("入院记录\n患者步行入室。\n【主诉】痛")
    assert sections(stay)["病历", "全文"] == "患者步行入室。"


SECOND = plain(BODY.replace("3年", "4年"), "B", "2018年9月9日", "2018年9月19日")


@pytest.mark.parametrize(
    "text",
    [
        f"{plain()}\n{SECOND}",
        f"{plain()}\n\n==========\n第二次住院\n{SECOND}",
        f"{plain()}\n" + SECOND.replace("记录编号：B", "记录编号：A"),
        f"{plain()}\n" + SECOND.replace("记录编号：B\n", ""),
        f"{plain()}\n入院日期：2018年9月9日\n{BODY}",
        f"{BODY}\n【入院情况】于2018年4月9日入院。\n{BODY}\n【入院情况】于2018年9月9日入院。",
    ],
)
def test_two_stays_of_a_person_are_two_records(text: str) -> None:
    first, second = parse_plain(text)
    assert [str(s.admission) for s in (first, second)] == ["2018-04-09", "2018-09-09"]
    assert first.record_id is None or first.record_id != second.record_id
    assert SECTIONS.keys() <= sections(first).keys()
    assert sections(first)["出院记录", "出院诊断"] == "类风湿关节炎"


def test_a_header_before_each_note_makes_no_second_stay() -> None:
    head, _, tail = BODY.partition("出院记录")
    stay = only(plain(head) + "\n南屏市第三人民医院\n" + plain(f"出院记录{tail}"))
    assert sections(stay) == SECTIONS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("姓名：伍听风", "姓名：昌若兰"),
        ("姓名：某某某 性别：男", "姓名：某某某 性别：女性"),
        ("性别：男　住院号：0041001", "性别：男　住院号：0041002"),
        ("姓 名：伍听风", "患者姓名：昌若兰"),
    ],
)
def test_two_persons_are_refused(one: str, other: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_plain(plain(person=one) + "\n" + plain(person=other))
    assert caught.value.reason == "two_patients"
    assert "伍听风" not in caught.value.detail


def test_two_persons_are_seen_in_notes_without_header() -> None:
    text = "【现病史】患者李雷，男，50岁，痛。\n【入院情况】患者韩梅，女，60岁，痛。"
    with pytest.raises(Refusal, match="two_patients"):
        parse_plain(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("姓名：张 三 性别：男", "姓名：张三　性别：男性"),
        ("姓名：张三　联系人姓名：李四", "姓名：张三　家属姓名：王五"),
        ("姓名：张某某", "姓名：张三"),
        ("住院号：0041001", "住院号：41001"),
    ],
)
def test_one_person_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert len(parse_plain(plain(person=one) + "\n" + plain(person=other))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "【主诉】痛\n" * 20000,
        "【主诉】痛\n姓名：葛某某\n" * 10000,
        "【主诉】" + "痛，" * 300000,
        "第一次住院\n" * 50000,
        "入院记录\n" * 50000,
        ("入院日期：2018年4月9日\n【主诉】痛\n入院日期：2018年5月9日\n【主诉】痛\n") * 5000,
    ],
)
def test_long_texts_take_no_long_time(body: str) -> None:
    start = time.perf_counter()
    parse_plain(plain(body))
    assert time.perf_counter() - start < 10
