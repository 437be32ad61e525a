"""Sentences: boundaries of the guideline, and offsets for any text."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given

from rakg_assets.corpus.sentences import sentence_table, split_section, text_hash
from rakg_assets.ontology.sections import is_blank
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.corpus.strategies import texts

# Each case is marked by / where the sentences part.
CASES = [
    "双手肿痛。/晨僵！/乏力？/发热；/咳嗽",
    "诊断为“类风湿关节炎？”/收入我科。",
    "好转！！/出院。。",
    "第一行\n/第二行\r\n/第三行\u2028/第四行\x85/第五行\r/第六行\v/第七行",
    "双手肿痛2年，/3年前出现晨僵",
    "65岁，/22年前出现双手肿痛",
    "关节痛,/1月前加重",
    "关节痛， /两周前加重",
    "关节痛，/半月前加重，/十余年前起病，/10+年前，/2~3年前，/１年半前，/数天之前，/约3年前",
    "口服甲氨蝶呤，/2018年3月停药，/于2019-03-05入院，/2015年手术，/二〇一八年三月复查",
    "未诊治，/今年2月起肿痛反复，/7月21日改药，/去年十二月加重",
    "退热，/入院后第2天咳嗽，/入院前1周受凉",
    "二便如常，/近1月体力下降，/近半年消瘦",
]
WHOLE = [
    "1.类风湿关节炎 2.高血压病3.5级",
    "甲氨蝶呤10mg qw，3天后肿痛好转，术后第2天疼痛减轻，治疗2周好转",
    "胸部CT（门诊，2018年3月5日）未见异常",
    "右膝，3前臂肿痛，3年前的片子",
    "每周1次，2周后复查，5mg/日",
    "左手;右手?双足",
    "患者3年前起病，双手肿痛3年",
]


@pytest.mark.parametrize("marked", CASES)
def test_splits_at_stops_line_breaks_and_time_points(marked: str) -> None:
    text = marked.replace("/", "")
    expected = [piece.strip() for piece in marked.split("/")]

    assert [text[a:b] for a, b in split_section(text)] == expected


@pytest.mark.parametrize("text", WHOLE)
def test_leaves_whole_what_opens_no_event(text: str) -> None:
    assert split_section(text) == [(0, len(text))]


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\n\x00", "\n\n\n"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split_section(text) == []


@given(texts)
def test_any_text_is_covered_in_order_without_empty_sentences(text: str) -> None:
    spans = split_section(text)

    assert all(a < b and not is_blank(text[a]) and not is_blank(text[b - 1]) for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    covered = {i for a, b in spans for i in range(a, b)}
    assert all(i in covered or is_blank(c) for i, c in enumerate(text))


@given(texts)
def test_splitting_a_sentence_again_changes_nothing_but_its_inner_line_breaks(text: str) -> None:
    for a, b in split_section(text):
        assert not set(text[a:b]) & set("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def test_table_keeps_offsets_and_hashes_the_text() -> None:
    text = "　双手肿痛。\n𠮷💊晨僵"
    raw = pd.DataFrame(
        {
            "record_id": ["E1"],
            "month": ["2018-03"],
            "note": ["入院记录"],
            "section": ["主诉"],
            "text": text,
        }
    )

    table = sentence_table(raw)

    assert list(table.columns) == TABLES["sentences"].column_names
    assert list(table["start"]) == [1, 7]
    for row in table.itertuples():
        assert text[row.start : row.start + len(row.text)] == row.text
        assert row.text_hash == hashlib.sha256(row.text.encode()).hexdigest()


def test_table_of_nothing_has_the_columns() -> None:
    raw = pd.DataFrame(columns=TABLES["raw_records"].column_names)

    assert list(sentence_table(raw).columns) == TABLES["sentences"].column_names


def test_half_a_character_has_a_hash() -> None:
    assert text_hash("\ud83d") != text_hash("\ude00")
