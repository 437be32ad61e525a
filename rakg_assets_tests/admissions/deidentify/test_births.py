"""Birth dates are masked, all other dates stay."""

from datetime import date

import pytest

from rakg_assets.admissions.deidentify import Identity
from rakg_assets.admissions.deidentify.births import read_day
from rakg_assets_tests.admissions.deidentify.marked import bare, expected, masked

FOUND = """
出生日期：【1965年5月12日】　入院日期：2019年8月5日
出生年月：【1965-05】，出 生：【1965/5/12】
患者生于【1965年5月12日】，【1965年5月12日】出生，【一九六五年五月十二日】出生
患者【1965年5月12日】生，女
DOB：【05/12/1965】，DOB 【12-May-1965】，Date of Birth: 【May 12, 1965】
生日：【5月12日】，出生年份：【1965】
患者【1965年】出生，女
"""

KEPT = """
2016年5月外院，2016年5月生物制剂治疗，2016年5月12日生产一子
1988年生育一子，生于江苏，出生于2000g，1990年5月足月出生
"""


@pytest.mark.parametrize("sentence", FOUND.strip().split("\n"))
def test_a_birth_date_is_masked(sentence):
    assert masked(bare(sentence)) == expected(sentence)


@pytest.mark.parametrize("sentence", KEPT.strip().split("\n"))
def test_other_dates_stay(sentence):
    assert masked(sentence) == sentence


@pytest.mark.parametrize(
    "identity",
    [
        Identity(births=frozenset({"19650512"})),
        Identity(numbers=frozenset({"329901196505121285"})),
    ],
)
def test_a_known_birth_date_is_masked_in_any_form(identity):
    sentence = "【1965.5.12】，【1965年05月12日】，1965年5月13日"
    assert masked(bare(sentence), identity=identity) == expected(sentence)


def test_forms_of_a_day():
    assert read_day("二〇一〇年十二月三十一日") == date(2010, 12, 31)
    assert read_day("2010-02-30") is None
    assert read_day("1965年5月") is None
