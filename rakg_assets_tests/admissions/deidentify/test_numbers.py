"""Numbers: in every shape that writers give them; laboratory values and dates stay."""

import pytest

from rakg_assets.admissions.deidentify.numbers import identifiers, known_numbers, resident_birth
from rakg_assets_tests.admissions.deidentify.marked import bare, expected, masked

FOUND = """
身份证号：【329901196505121285】
身份证【３２９９０１１９６５０５１２１２８５】
证件 【329901 19650512 1285】，【329901-19650512-128X】，【329901650512128】
电话【154 0000 1234】，【+86 15400001234】，【+86-154-0000-1234】，【１５４０００１２３４０】
【(0512)65223637】，【0512-6522 3637转12】
联系电话（女儿）：【6522 3637】、【15400001234】
邮箱【a.b@qq.com】
住 院 号：【ZY2019080511】　床号：【12】
住院号 【ZY 2019 0805 11】 2019年8月
门诊号/住院号：【123456】；医保卡号【A00-1234-55】；影像号：【CT20190805】
微信号：【wx_abc123】，加微信【rheuma_2019】，QQ 【12345678】
【12床】患者，转【3-12床】，床号：【十二床】
电话：【（+86）15400001234】，【0086-15400001234】，手机【15400001234】（女儿）
电话：【0512-65223637-801】，【0512 65223637 转 801】，拨打【6522-3637】
身份证号：【32990119650512128x】，【3299 0119 6505 1212 85】
VX：【wenrensu65】，微信号【wen-rensu】
住院号：【0041001】，病案号【B0041001】，门诊卡号：【MZ-2019-0805】，诊疗卡：【00123456】
|住院号|【0041001】|床号|【12】|
床号：【B-12】，床位号：【A区12床】，转【B-12床】
"""

KEPT = """
WBC 13500000000/L，血压120/80mmHg，血小板 120 80 36 1 5 20
卧床3天，床旁超声，病床1张，卧床12床旁活动，起床7点
电话随访，手机：无，微信同号
T36.4 P92 R22 BP128/76 SpO2 93%，C反应蛋白40.4mg/L，ANA 1:320
2019-08-05，20190805，2019年8月5日，甲氨蝶呤10mg qw×4周
住院号：　床号：　入院日期：2019年8月5日
HBV-DNA 13912345678 IU/ml，HCV-RNA定量：15400001234，白细胞计数13800138000
12床位，共12床次，诊疗卡未带，卡号不详
"""


@pytest.mark.parametrize("sentence", FOUND.strip().split("\n"))
def test_a_number_is_masked(sentence):
    assert masked(bare(sentence)) == expected(sentence)


@pytest.mark.parametrize("sentence", KEPT.strip().split("\n"))
def test_other_numbers_stay(sentence):
    assert masked(sentence) == sentence


def test_identifiers_say_their_kind():
    text = "329901196505121285 15400001234 a@b.cn"
    assert [kind for _, _, kind in identifiers(text)] == ["resident_id", "phone", "email"]


def test_an_id_without_a_real_date_is_none():
    assert resident_birth("329901199913451285") is None
    assert list(identifiers("329901199913451285")) == []


def test_a_known_number_is_found_with_gaps_but_not_inside_others():
    pattern = known_numbers({"ZY2019080511", "123", "20190805"})
    assert pattern
    assert pattern.search("见 zy-2019 0805 11 ")
    assert not pattern.search("ZY20190805112 123 20190805")
    assert known_numbers({"123", "20190805"}) is None
