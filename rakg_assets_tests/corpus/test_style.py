"""Records in order of how they are written."""

from __future__ import annotations

from rakg_assets.corpus.style import style_figures, style_order

TERSE = ["女,56.12y前双手PIP肿痛,RF 512.", "T36.5,P80.\n双腕(+)."]
PLAIN = ["患者十二年前无明显诱因出现双手肿痛，伴晨僵，活动后减轻。", "体温正常，双腕压痛。"]


def test_one_manner_stands_at_one_end() -> None:
    order = style_order({"a": TERSE, "b": PLAIN, "c": TERSE, "d": PLAIN})

    assert {*order[:2]} in ({"a", "c"}, {"b", "d"})
    assert order in (["a", "c", "b", "d"], ["b", "d", "a", "c"])


def test_any_text_has_figures() -> None:
    assert style_order({}) == []
    assert style_order({"a": []}) == ["a"]
    assert style_figures([])[0] == 0
    assert style_figures(TERSE)[0] > style_figures(PLAIN)[0]
