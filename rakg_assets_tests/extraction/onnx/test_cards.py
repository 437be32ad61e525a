from typing import Any

from rakg_assets.extraction.onnx.cards import entity_card, relation_card

SCORES = {
    "overall": {"precision": 90.0, "recall": 80.0, "f1": 84.71, "gold": 10},
    "by_type": {"kind": {"precision": 50.0, "recall": 25.0, "f1": 33.33, "gold": 4}},
    "trust": {"mean_score": 0.9312, "share_right": 0.9, "calibration_error": 0.0134},
}
PARTS = {"dev": SCORES, "test": SCORES}
COMMON: dict[str, Any] = {
    "seed": 7,
    "records": 12,
    "found_sentences": 0,
    "training": {"best_epoch": 3},
}


def test_a_card_of_entities_holds_data_seed_figures_and_limits() -> None:
    figures = {**COMMON, "sure_sentences": 1_234, "float32": PARTS, "int8": PARTS}
    card = entity_card(figures, "some-bert", "records of ours")
    assert "fine-tuned from: some-bert" in card
    assert "12 records of ours" in card
    assert "sure of: 1,234" in card
    assert "Seed: 7; epoch kept: 3" in card
    assert "| test | 84.71 | 84.71 |" in card
    assert "| kind | 50.0 | 25.0 | 33.3 | 4 |" in card
    assert "## Limits" in card
    assert "fill in their source and licence" in entity_card(figures, "", "")


def test_a_card_of_relations_tells_gold_from_predicted_entities() -> None:
    kinds = {"gold": PARTS, "predicted": PARTS}
    card = relation_card({**COMMON, "float32": kinds, "int8": kinds}, "", "records of ours")
    rows = [line for line in card.splitlines() if line.startswith(("| dev", "| test"))]
    assert [row.split("|")[2].strip() for row in rows] == ["gold", "gold", "predicted", "predicted"]
    assert "12 records of ours" in card
    assert "BiLSTM over characters" in card
    assert "| predicted | 0.931 | 0.900 | 0.013 |" in card
    from_encoder = relation_card({**COMMON, "float32": kinds, "int8": kinds}, "some-bert", "")
    assert "fine-tuned from some-bert" in from_encoder
