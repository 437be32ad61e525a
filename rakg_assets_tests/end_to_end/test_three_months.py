"""Three months from the inbox to the graph, then a late record, a correction and a deletion."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.definitions import build_launcher
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.launch import LaunchError, Outcome
from rakg_assets.orchestration.storage import read_table
from rakg_assets_tests.end_to_end.inboxes import Stay, write_inbox

STAYS = [Stay("A1", "2018-04"), Stay("A2", "2018-04"), Stay("B1", "2018-05"), Stay("C1", "2018-07")]


class Site:
    """A home with its inbox."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.inbox = write_inbox(home.parent / "inbox", STAYS)

    def run(self, through: str | None = "filtered_triples") -> Outcome:
        settings = {"home": str(self.home), "inbox": str(self.inbox), "minimum_support": 2}
        return build_launcher(lambda line: None, **settings).run(through)

    def table(self, name: str) -> pd.DataFrame:
        return read_table(self.home / "tables", TABLES[name])

    def digests(self) -> dict[str, str]:
        files = sorted((self.home / "tables").rglob("*.parquet"))
        return {
            str(f.relative_to(self.home)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files
        }


@pytest.fixture
def site(home: Path) -> Site:
    return Site(home)


@pytest.mark.slow
def test_a_run_brings_every_month_to_the_graph_and_a_second_changes_nothing(site: Site) -> None:
    outcome = site.run(None)
    assert outcome.failures == []
    assert set(site.table("raw_records")["month"]) == {"2018-04", "2018-05", "2018-07"}
    assert site.table("quarantined_files")["reason"].tolist() == ["no_admission_date"]
    for place in ("graph/rakg.lbug", "exports/nodes.csv", "reports/graph.html"):
        assert (site.home / place).is_file()

    before = site.digests()
    again = site.run(None)
    assert again.failures == []
    assert set(again.materialised) == {"inbox_manifest", "quarantined_files"}
    assert site.digests() == before


@pytest.mark.slow
def test_changes_touch_exactly_their_months(site: Site) -> None:
    site.run()
    before = site.digests()

    write_inbox(site.inbox, [Stay("A3", "2018-04")])
    site.run()
    assert set(site.table("raw_records")["record_id"]) >= {"A1", "A2", "A3"}
    assert _months(before, site.digests()) == {"2018-04"}

    (site.inbox / "A3.txt").unlink()
    site.run()
    assert _months(before, site.digests()) == set()

    write_inbox(site.inbox, [Stay("B1", "2018-05", symptom="左膝疼痛")])
    (site.inbox / "C1.txt").unlink()
    site.run()
    assert _months(before, site.digests()) == {"2018-05", "2018-07"}
    assert "C1" not in set(site.table("raw_records")["record_id"])


def test_an_asset_that_does_not_exist_is_named_with_those_that_do(site: Site) -> None:
    with pytest.raises(LaunchError, match=r"no asset is named nothing; the assets are .*triples"):
        site.run("nothing")


def _months(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Months with a monthly table whose rows or files differ."""
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    monthly = {name for name, table in TABLES.items() if table.monthly}
    return {Path(path).parts[2] for path in changed if Path(path).parts[1] in monthly}
