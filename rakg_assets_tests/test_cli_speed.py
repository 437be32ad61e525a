from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rakg_assets.cli import app
from rakg_assets.extraction import ablation
from rakg_assets.extraction.ablation import BASE


def test_chosen_methods_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def ablate(*given: Any, **named: Any) -> dict[str, list[float]]:
        asked.extend([given[1], given[2], list(given[6]), named["epochs"]])
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
