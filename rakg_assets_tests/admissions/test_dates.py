"""Forms of a date and the sentence of arrival."""

from __future__ import annotations

import time
from datetime import date

import pytest

from rakg_assets.admissions.dates import arrival_date, parse_date

FORMS = [
    "2019年3月5日",
    "2019年03月05日10时30分",
    " 2019 年 3 月 5 日",
    "2019年3月5号",
    "2019-03-05",
    "2019-03-05 10:30:00",
    "2019-03-05T10:30:00+08:00",
    "2019/3/5",
    "2019/03/05 9:00",
    "2019.03.05",
    "2019.3.5 9:00",
    "2019–3–5",
    "20190305",
    "201903050930",
    "20190305093000.000+0800",
    "２０１９年３月５日",
    "２０１９－０３－０５",
    "二〇一九年三月五日",
    "二零一九年三月五日",
]
NONE = [
    "2019-02-30",
    "2019年13月1日",
    "20190230",
    "2019-03",
    "2019年3月",
    "19-03-05",
    "2019",
    "201903051",
    "2019-3.5",
    "05/03/2019",
    "不详",
    "",
]
ARRIVALS = [
    "患者因多关节肿痛5年，加重1周，于2018年6月4日由门诊以“类风湿关节炎”收入我科。",
    "患者于2018年6月4日收入院。",
    "于2018-06-04 10:30步行入院，入院时体温36.5℃",
    "2018年6月4日因双膝关节肿痛3年，加重1周收入我科。",
    "患者2018.06.04以“类风湿关节炎”收住风湿免疫科。",
    "患者于2018年6月4日入院，经治疗好转，于2018年6月15日出院。",
    "患者于2018年6月4日入院后完善相关检查",
    "门诊以“膝关节置换术后”于2018年6月4日收入病房治疗",
    "双膝肿痛，外院治疗无效，于2018年6月4日收入我科",
    "于2018年6月4日由县人民医院转入我科",
    "２０１８年６月４日收入我科",
    "曾于2015年3月2日收入外院治疗，本次于2018年6月4日收入我科",
    "因“关节痛”2018年6月4日入院。2018年6月10日复查血沉正常",
    "于2018年6月4日9时30分平车推入病房收治",
    "2015年1月2日确诊类风湿关节炎，于2018年6月4日收入",
    "于2018年6月4日为求进一步治疗收入我院",
    "2018年6月1日来我院门诊就诊，于2018年6月4日收入。",
]
NO_ARRIVALS = [
    "2016年5月10日外院诊断类风湿关节炎，今为进一步诊治收入我科。",
    "曾于2015年3月2日收入外院治疗",
    "2015年3月2日在北京协和医院住院治疗",
    "2018年5月1日行左膝置换术，术后收入我科",
    "于2018年3月住院",
    "发病于2018年5月20日，遂入院",
    "患者2018年6月15日出院",
    "嘱患者于2018年7月5日再次入院复查",
    "于2018年6月8日住院期间发热",
    "2018年6月5日入院第2天",
    "2018年6月6日入院后第3天",
    "2018年5月20日受凉后发热，1周后入院",
    "2018年6月1日来我院门诊就诊",
    "于2018年2月30日收入我科",
    "2018年6月3日（入院前1天）",
    "2018年6月4日",
]


@pytest.mark.parametrize("form", FORMS)
def test_reads_every_form(form: str) -> None:
    assert parse_date(form) == date(2019, 3, 5)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("sentence", ARRIVALS)
def test_a_sentence_tells_the_day_of_admission(sentence: str) -> None:
    assert arrival_date(sentence) == date(2018, 6, 4)


@pytest.mark.parametrize("sentence", NO_ARRIVALS)
def test_a_date_of_something_else_is_no_admission(sentence: str) -> None:
    assert arrival_date(sentence) is None


@pytest.mark.parametrize(
    "text",
    [
        "于2018年6月4日" * 20000 + "收入" * 20000,
        "“" * 100000 + "于2018年6月4日收入",
        "2018年6月4日收入，" * 20000,
        "2018 " + " " * 100000,
    ],
)
def test_long_sentences_take_no_long_time(text: str) -> None:
    start = time.perf_counter()
    arrival_date(text)
    assert time.perf_counter() - start < 5
