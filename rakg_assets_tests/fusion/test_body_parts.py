"""Sides and numbers by grammar."""

from __future__ import annotations

import pytest

from rakg_assets.fusion.body_parts import BodyPart, chinese_numerals, parse_body_part, strip_side


@pytest.mark.parametrize(
    ("text", "part", "laterality", "numbers"),
    [
        ("右手第2、3掌指关节", "手掌指关节", "right", "2,3"),
        ("双手PIP2-5", "手PIP", "both", "2,3,4,5"),
        ("左膝", "膝", "left", ""),
        ("双侧膝关节", "膝关节", "both", ""),
        ("右足第2跖趾关节", "足跖趾关节", "right", "2"),
        ("右手2-3MCP", "手MCP", "right", "2,3"),
        ("右手第二、三近端指间关节", "手近端指间关节", "right", "2,3"),
        ("左手第２，３ＭＣＰ", "手MCP", "left", "2,3"),
        ("右手第2至第5指", "手指", "right", "2,3,4,5"),
        ("左手PIP2、PIP3", "手PIP", "left", "2,3"),
        ("膝关节（右）", "膝关节", "right", ""),
        ("左右膝关节", "膝关节", "both", ""),
        ("L4-5椎间盘", "腰椎间盘", "none", "4,5"),
        ("L3-L5椎体", "腰椎体", "none", "3,4,5"),
        ("腰4/5", "腰椎", "none", "4,5"),
        ("三叉神经", "三叉神经", "none", ""),
        ("十二指肠", "十二指肠", "none", ""),
        ("四肢关节", "四肢关节", "none", ""),
        ("双", "双", "both", ""),
        ("", "", "none", ""),
    ],
)
def test_grammar(text: str, part: str, laterality: str, numbers: str) -> None:
    assert parse_body_part(text) == BodyPart(part, laterality, numbers)


def test_a_range_that_runs_down_or_far_is_not_filled_in() -> None:
    assert parse_body_part("双手PIP5-2").numbers == "5,2"
    assert parse_body_part("棘突1-50").numbers == "1,50"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("左膝关节镜清理术", "膝关节镜清理术"),
        ("双侧肾结石", "肾结石"),
        ("左氧氟沙星", "左氧氟沙星"),
        ("右佐匹克隆", "右佐匹克隆"),
        ("双氯芬酸", "双氯芬酸"),
        ("左手", "左手"),
    ],
)
def test_sides_of_sites_come_off_and_those_of_substances_stay(text: str, bare: str) -> None:
    assert strip_side(text) == bare


@pytest.mark.parametrize(
    ("text", "number"), [("三", "3"), ("十", "10"), ("十二", "12"), ("二十一", "21")]
)
def test_chinese_numerals(text: str, number: str) -> None:
    assert chinese_numerals(text) == number
