from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.orchestration.resources import Settings, SettingsError


def test_options_win_over_the_environment_and_that_over_defaults() -> None:
    environment = {"RAKG_INBOX": "/a", "RAKG_MINIMUM_SUPPORT": "3", "RAKG_HOME": ""}
    settings = Settings.from_environment(environment, inbox="/b", mapping=None)
    assert (settings.inbox, settings.minimum_support, settings.mapping) == ("/b", 3, "")
    assert settings.place.root == Path.cwd() / ".rakg"


def test_every_field_is_a_variable() -> None:
    environment = {f"RAKG_{name.upper()}": "7" for name in Settings.model_fields}
    environment |= {"RAKG_SUPPORT_BY": "mentions", "RAKG_DEFAULT_MONTH": "2018-04"}
    settings = Settings.from_environment(environment)
    for name in Settings.model_fields:
        assert str(getattr(settings, name)) == environment[f"RAKG_{name.upper()}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minimum_support", "six"),
        ("support_by", "weight"),
        ("default_month", "2020-13"),
        ("default_month", "202-01"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_variable(field: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"{field} \(RAKG_{field.upper()}\): .*; correct it"):
        Settings.from_environment({f"RAKG_{field.upper()}": value})


def test_what_ships_stands_in_for_what_is_not_configured(tmp_path: Path) -> None:
    shipped = Settings(home=str(tmp_path))
    assert (shipped.words / "disease.csv").is_file()
    assert list(shipped.annotation_source.glob("*.txt"))
    assert shipped.score_sheets == tmp_path / "scores"
    own = Settings(dictionaries="/w", annotations="/a", scores="/s")
    assert (own.words, own.annotation_source, own.score_sheets) == tuple(
        map(Path, ("/w", "/a", "/s"))
    )


def test_results_that_ship_are_shown_until_the_home_has_its_own(tmp_path: Path) -> None:
    settings = Settings(home=str(tmp_path))
    assert settings.shown_results == settings.released / "benchmarks"
    settings.place.benchmarks.mkdir(parents=True)
    assert settings.shown_results == settings.released / "benchmarks"
    (settings.place.benchmarks / "ner-bilstm-crf-0.json").write_text("{}")
    assert settings.shown_results == settings.place.benchmarks
