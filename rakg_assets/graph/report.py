"""The graph as one self-contained HTML page for clinicians.

Belongs here: gathering what the page shows. Does not belong here: the page itself
(`templates/report.html.j2`) or the places of things in its pictures (`picture.py`, `timeline.py`).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.extraction.page_frame import page_environment
from rakg_assets.extraction.result_tables import ResultTable
from rakg_assets.extraction.result_words import Words
from rakg_assets.graph.content import Graph
from rakg_assets.graph.picture import draw_picture
from rakg_assets.graph.ranking import ranking_chart
from rakg_assets.graph.summary import counts_by_relation, counts_by_type, support_by_month
from rakg_assets.graph.timeline import draw_timeline
from rakg_assets.ontology.files import write_text

_TEMPLATE = "report.html.j2"
_RANKED = 15
_EXAMPLES = 3


class Severity(StrEnum):
    """How a note on data quality is marked."""

    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"

    @property
    def zh(self) -> str:
        """The word a clinician reads."""
        return {"good": "正常", "warning": "注意", "error": "错误"}[self.value]


@dataclass(frozen=True)
class Note:
    """One note on data quality, in Chinese; never text of a record."""

    severity: Severity
    text: str


@dataclass(frozen=True)
class ReportFacts:
    """What the page tells beside the graph.

    `minimum` is the support that a triple needs, counted in `counted` (records or mentions);
    `records` is the number of admissions that were read, if known; `of_sample` says that they are
    the sample's, most of them generated. `tables` are results of the benchmarks, `table_notes`
    what to know when reading them.
    """

    minimum: int
    model_version: str
    dictionary_version: str
    counted: str = "records"
    records: int | None = None
    notes: Sequence[Note] = ()
    of_sample: bool = False
    tables: Sequence[ResultTable] = ()
    table_notes: Sequence[Words] = ()


def report_page(graph: Graph, ranking: pd.DataFrame, facts: ReportFacts, disease: str) -> str:
    """The page as HTML without any outside reference; the same input gives the same text.

    `ranking` is `TABLES["treatment_ranking"]`, `disease` the concept id in the middle of the
    picture. An empty graph gives a page that says what to do.
    """
    environment = page_environment("rakg_assets.graph")
    environment.filters["thousands"] = "{:,}".format
    template = environment.get_template(_TEMPLATE)
    if graph.is_empty:
        return template.render(graph_is_empty=True, facts=facts)
    return template.render(graph_is_empty=False, facts=facts, **_content(graph, ranking, disease))


def write_report(
    graph: Graph, ranking: pd.DataFrame, facts: ReportFacts, disease: str, path: Path
) -> Path:
    """Write `report_page` to a file, as a whole or not at all; returns the path."""
    write_text(path, report_page(graph, ranking, facts, disease))
    return path


def _content(graph: Graph, ranking: pd.DataFrame, disease: str) -> dict[str, Any]:
    support = support_by_month(graph)
    return {
        "digest": graph.digest(),
        "node_count": len(graph.nodes),
        "edge_count": len(graph.edges),
        "types": _type_rows(graph),
        "relations": _relation_rows(graph),
        "months": support["month"].tolist(),
        "timeline": draw_timeline(support),
        "picture": draw_picture(graph, disease),
        "ranking": ranking.head(_RANKED).to_dict("records"),
        "ranked_count": len(ranking),
        "chart": _data_url(ranking_chart(ranking, top=_RANKED)) if len(ranking) else "",
    }


def _type_rows(graph: Graph) -> list[dict[str, Any]]:
    """Nodes by type, with the concepts that most records name."""
    common = graph.nodes.sort_values(["records", "id"], ascending=[False, True])
    return [
        {
            "kind": kind,
            "count": count,
            "examples": common[common["type"] == kind.value]["name_zh"].head(_EXAMPLES).tolist(),
        }
        for kind, count in counts_by_type(graph).items()
    ]


def _relation_rows(graph: Graph) -> list[dict[str, Any]]:
    mentions = graph.edges.groupby("relation")["mentions"].sum()
    return [
        {"relation": relation, "count": count, "mentions": int(mentions.get(relation.value, 0))}
        for relation, count in counts_by_relation(graph).items()
    ]


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
