from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rakg_assets.cli import app
from rakg_assets.extraction import ablation, assertion_comparison
from rakg_assets.extraction.ablation import BASE
from rakg_assets.extraction.scoring import Figure, Scores


def test_chosen_methods_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def ablate(*given: Any, **named: Any) -> dict[str, list[float]]:
        asked.extend([given[1], given[2], list(given[5]), named["epochs"]])
        named["tell"](BASE, 90.0)
        return {BASE: [90.0, 92.0]}

    monkeypatch.setattr(ablation, "ablate", ablate)
    command = ["bench-ablation", "--records", "5", "--seeds", "2", "--epochs", "3"]
    home = ["--home", str(tmp_path)]
    result = CliRunner().invoke(app, [*command, "--method", BASE, *home])
    assert result.exit_code == 0
    assert asked == [5, 2, [BASE], 3]
    assert "all methods                       91.00 ±  1.41" in result.stdout


def test_an_unknown_method_is_named_with_those_there_are(tmp_path: Path) -> None:
    command = ["bench-ablation", "--method", "no luck", "--home", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    assert "no luck" in result.stderr


def test_the_rules_of_assertion_stand_beside_the_classifiers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def compare(labelled: Any, seeds: int, rules: Any, encoder: Any, tell: Any) -> Any:
        asked.extend([set(labelled["split"]), seeds, encoder])
        tell(assertion_comparison.RULES, 90.0)
        figures = {"absent": Figure(9, 10, 10), "present": Figure(5, 5, 5)}
        return {assertion_comparison.RULES: [Scores(Figure(14, 15, 15), figures)]}

    monkeypatch.setattr(assertion_comparison, "compare_assertions", compare)
    command = ["bench-assertion", "--seeds", "2", "--home", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    assert asked == [{"train", "dev", "test"}, 2, None]
    assert "absent (10)" in result.stdout
    assert "90.00" in result.stdout
