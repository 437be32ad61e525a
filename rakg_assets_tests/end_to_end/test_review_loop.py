"""From the review queue to a clinician and back: only what the decision touches is linked anew."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from rakg_assets.cli import app
from rakg_assets.definitions import build_launcher
from rakg_assets.ontology.dictionaries import shipped_dictionaries
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.launch import Outcome
from rakg_assets.orchestration.storage import read_table

_UNKNOWN = "虚构散"
_RECORD = """#RECORD id={id} admission={month}-05 discharge={month}-16
##出院记录
###诊疗经过
予{{t1:treatment|甲氨蝶呤}}10mg qw{more}。
###出院诊断
{{d1:disease|类风湿关节炎}}
"""
_MORE = f"、{{t2:treatment|{_UNKNOWN}}}"


class Site:
    """A home whose records are annotated, with dictionaries of its own."""

    def __init__(self, home: Path) -> None:
        self.home, root = home, home.parent
        self.inbox, self.words = root / "inbox", root / "dictionaries"
        shutil.copytree(shipped_dictionaries(), self.words)
        self.inbox.mkdir()
        for record, month, more in (("A1", "2018-04", _MORE), ("B1", "2018-05", "")):
            text = _RECORD.format(id=record, month=month, more=more)
            (self.inbox / f"{record}.txt").write_text(text, "utf-8")

    def run(self) -> Outcome:
        settings = {
            "home": str(self.home),
            "inbox": str(self.inbox),
            "annotations": str(self.inbox),
            "dictionaries": str(self.words),
        }
        return build_launcher(lambda line: None, **settings).run("review_queue")

    def command(self, *arguments: str) -> None:
        variables = {"RAKG_HOME": str(self.home), "RAKG_DICTIONARIES": str(self.words)}
        result = CliRunner().invoke(app, ["review", *arguments], env=variables)
        assert result.exit_code == 0, result.output

    def table(self, name: str) -> pd.DataFrame:
        return read_table(self.home / "tables", TABLES[name])

    def link_of(self, mention: str) -> pd.Series:
        linked = self.table("linked_entities")
        return linked[linked["text"] == mention].iloc[0]

    def digest(self, table: str, month: str) -> str:
        path = self.home / "tables" / table / month / "part.parquet"
        return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.slow
def test_a_decision_is_applied_where_it_matters_and_nowhere_else(home: Path) -> None:
    site = Site(home)
    site.run()
    assert site.table("review_queue")["mention"].tolist() == [_UNKNOWN]
    methotrexate = site.link_of("甲氨蝶呤")
    before = {month: site.digest("linked_entities", month) for month in ("2018-04", "2018-05")}

    sheet = home.parent / "queue.csv"
    site.command("export", str(sheet))
    answer(sheet, methotrexate["concept_id"])
    site.command("apply", str(sheet))
    again = site.run()

    assert "predicted_entities" not in again.materialised
    assert site.link_of(_UNKNOWN)["method"] == "override"
    assert site.link_of(_UNKNOWN)["name_zh"] == "甲氨蝶呤"
    assert site.table("review_queue").empty
    assert site.digest("linked_entities", "2018-05") == before["2018-05"]
    assert site.digest("linked_entities", "2018-04") != before["2018-04"]
    pd.testing.assert_series_equal(site.link_of("甲氨蝶呤"), methotrexate)


@pytest.mark.slow
def test_a_new_alias_relinks_its_mentions_without_predicting_again(home: Path) -> None:
    site = Site(home)
    site.run()
    old, before = site.link_of("甲氨蝶呤"), site.digest("linked_entities", "2018-05")
    treatments = site.words / "treatment.csv"
    row = f"TRT9999,{_UNKNOWN},invented powder,,"
    columns = treatments.read_text("utf-8").splitlines()[0].count(",")
    with treatments.open("a", encoding="utf-8") as file:
        file.write(row + "," * (columns - row.count(",")) + "\n")
    again = site.run()

    assert "predicted_entities" not in again.materialised
    new = site.link_of(_UNKNOWN)
    assert (new["concept_id"], new["method"]) == ("TRT9999", "exact")
    assert new["dictionary_version"] != old["dictionary_version"]
    assert site.link_of("甲氨蝶呤")["dictionary_version"] == old["dictionary_version"]
    assert site.digest("linked_entities", "2018-05") == before


def answer(sheet: Path, concept: str) -> None:
    """Fill in the first row as a clinician would."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["concept_id"] = concept
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
