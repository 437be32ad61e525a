"""A whole record: lengths, identity from structured fields, identifiers without context."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rakg_assets.admissions.deidentify import Identity, find_identifiers, mask_record
from rakg_assets_tests.admissions.deidentify.marked import bare, expected

RECORD = """南屏市第三人民医院住院病历
姓名：闻人素　性别：女　年龄：47岁　科室：风湿免疫科
身份证号：329901196505121285
【现病史】口服来氟米特后双腕肿痛减轻。
【出院医嘱】甲氨蝶呤10mg qw；电话15400001234。医师签名：郁离山"""


def test_only_identifying_text_changes():
    masked = mask_record([RECORD])[0]
    for kept in ("南屏市第三人民医院", "年龄：47岁", "口服来氟米特后双腕肿痛减轻。", "10mg qw；"):
        assert kept in masked
    for gone in ("闻人素", "329901196505121285", "15400001234", "郁离山"):
        assert gone not in masked


def test_identity_of_structured_fields_is_masked():
    identity = Identity(
        names=frozenset({"汪小红"}), numbers=frozenset({"A0212-77"}), phones=frozenset({"65223637"})
    )
    sentence = "【汪小红】诉乏力，【A0212-77】，电 话【６５２２３６３７】"
    assert mask_record([bare(sentence)], identity=identity) == [expected(sentence)]


@given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=40))
def test_lengths_and_number_of_sections_stay(sections, header):
    masked = mask_record(sections, header)
    assert [len(text) for text in masked] == [len(text) for text in sections]


def test_masking_twice_changes_nothing_more():
    once = mask_record([RECORD])
    assert mask_record(once) == once


def test_identifiers_need_no_context():
    text = "见 329901196505121285 与 15400001234、a@b.cn，血沉46mm/h"
    found = [(text[start:end], kind) for start, end, kind in find_identifiers(text)]
    assert found == [
        ("329901196505121285", "resident_id"),
        ("15400001234", "phone"),
        ("a@b.cn", "email"),
    ]
    assert find_identifiers("血沉46mm/h，2019年8月5日") == []


@pytest.mark.parametrize(
    "piece", ["江苏省", "柳堤路9号", "1", "1 ", "a.", "A-1", "姓名：", "患者王小明，", "0-", "柳堤"]
)
def test_no_text_takes_more_than_linear_time(piece):
    started = time.process_time()
    mask_record(["住址：" + piece * 5_000])
    assert time.process_time() - started < 3
