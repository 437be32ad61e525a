from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.corpus.checks import CHECKS
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.promises import TEXT, CheckedHome, Row


def entity(start: int, end: int, label: str, text: str | None = None) -> dict[str, object]:
    text = TEXT[start:end] if text is None else text
    return {"start": start, "end": end, "label": label, "text": text, "assertion": "present"}


EVERY_TYPE = [entity(i, i + 1, kind.value) for i, kind in enumerate(EntityType)]
SPLITS = [{"record_id": f"R{i}", "split": s} for i, s in enumerate(("train", "dev", "test"))]
GOOD: dict[str, list[Row]] = {
    "sentences": [{"start": 0, "text": TEXT[:9]}, {"start": 9, "text": TEXT[9:]}],
    "annotations": [{"text": TEXT, "entities": EVERY_TYPE}],
    "labeled_splits": SPLITS,
}


@pytest.fixture
def home(tmp_path: Path) -> CheckedHome:
    (tmp_path / "annotations").mkdir()
    home = CheckedHome(tmp_path / "home", annotations=str(tmp_path / "annotations"))
    home.put("raw_records", {"text": TEXT})
    for name, rows in GOOD.items():
        home.put(name, *rows)
    return home


@pytest.mark.parametrize("asset", list(GOOD))
def test_promises_that_are_kept_pass(home: CheckedHome, asset: str) -> None:
    assert home.broken(CHECKS, asset) == {}


@pytest.mark.parametrize(
    ("asset", "rows", "broken"),
    [
        ("sentences", [{"start": 1, "text": TEXT[:9]}], {"offsets_hold": "ERROR"}),
        (
            "sentences",
            [{"record_id": "unknown", "start": 0, "text": TEXT}],
            {"offsets_hold": "ERROR"},
        ),
        (
            "sentences",
            [{"start": 0, "text": TEXT[:9]}, {"start": 0, "text": TEXT[:2]}],
            {"sentences_unique": "ERROR"},
        ),
        (
            "annotations",
            [{"text": TEXT, "entities": [*EVERY_TYPE, entity(9, 10, "symptom", "有")]}],
            {"offsets_hold": "ERROR"},
        ),
        (
            "annotations",
            [{"text": TEXT, "entities": EVERY_TYPE[1:]}],
            {"every_type_seen": "WARN"},
        ),
        (
            "labeled_splits",
            [*SPLITS, {"record_id": "R0", "section": "现病史", "split": "test"}],
            {"records_in_one_split": "ERROR"},
        ),
        ("labeled_splits", SPLITS[:2], {"every_split_filled": "WARN"}),
    ],
)
def test_what_breaks_a_promise_is_found(
    home: CheckedHome, asset: str, rows: list[Row], broken: dict[str, str]
) -> None:
    home.put(asset, *rows)
    assert home.broken(CHECKS, asset) == broken


def test_an_annotation_file_that_cannot_be_read_is_found(home: CheckedHome) -> None:
    (home.settings.annotation_source / "a.json").write_text("{", encoding="utf-8")
    assert home.broken(CHECKS, "annotations") == {"guideline_followed": "WARN"}


def test_a_form_that_is_bare_against_habit_is_found(home: CheckedHome) -> None:
    for number, words in enumerate(["{s1:symptom|肿痛}"] * 4 + ["肿痛"]):
        text = f"#RECORD id=E{number}\n##入院记录\n###主诉\n双手{words}\n#RELATIONS\n"
        (home.settings.annotation_source / f"{number}.txt").write_text(text, encoding="utf-8")
    assert home.broken(CHECKS, "annotations") == {"like_words_labelled_alike": "WARN"}
