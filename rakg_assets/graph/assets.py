"""Assets of stage 5: the graph in its store, its export, ranking, report and evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import dagster as dg
import pandas as pd

from rakg_assets.extraction.assets import BENCHMARKS
from rakg_assets.extraction.resources import shelf_of
from rakg_assets.extraction.result_tables import reading_notes, result_tables
from rakg_assets.fusion.assets import words_version
from rakg_assets.fusion.rules import ra_concepts
from rakg_assets.graph.build import Provenance, build_graph
from rakg_assets.graph.content import Graph
from rakg_assets.graph.embedded import EmbeddedStore
from rakg_assets.graph.quality_notes import quality_notes
from rakg_assets.graph.ranking import ranking_chart
from rakg_assets.graph.ranking import treatment_ranking as rank_treatments
from rakg_assets.graph.report import Note, ReportFacts, write_report
from rakg_assets.graph.resources import Neo4jResource
from rakg_assets.graph.score_sheets import read_scores
from rakg_assets.ontology.dictionaries import (
    Dictionary,
    concept_table,
    dictionaries_version,
    load_dictionaries,
)
from rakg_assets.ontology.schema import EntityType
from rakg_assets.orchestration.declare import ALL_MONTHS, picture, plain_asset, table_asset
from rakg_assets.orchestration.freshness import Ledger, Recipe, hash_files
from rakg_assets.orchestration.resources import Settings

GROUP = "graph"
LedgerParam = dg.ResourceParam[Ledger]


def store_of(settings: Settings) -> EmbeddedStore:
    """The file that always holds the graph, with or without a server."""
    return EmbeddedStore(settings.place.graph / "rakg.lbug")


@dg.asset(**plain_asset("knowledge_graph", GROUP, {"ladybug", "neo4j"}, pool=ALL_MONTHS))
def knowledge_graph(
    settings: Settings, ledger: LedgerParam, filtered_triples: pd.DataFrame, triples: pd.DataFrame
) -> dg.MaterializeResult:
    """The graph in its file, and in Neo4j if there is one; the same content writes nothing."""
    graph, neo4j = _graph(settings, filtered_triples, triples), Neo4jResource.of(settings)
    metadata = asdict(store_of(settings).synchronise(graph))
    if neo4j.is_configured:
        with neo4j.store() as store:
            written = asdict(store.synchronise(graph))
        metadata |= {f"neo4j_{key}": value for key, value in written.items()}
    ledger.stamp("knowledge_graph")
    return dg.MaterializeResult(metadata=metadata)


@dg.asset(**plain_asset("graph_export", GROUP, {"csv", "parquet"}, pool=ALL_MONTHS))
def graph_export(
    settings: Settings, ledger: LedgerParam, filtered_triples: pd.DataFrame, triples: pd.DataFrame
) -> dg.MaterializeResult:
    """nodes.csv and relationships.csv for neo4j-admin, Parquet and GraphML."""
    from rakg_assets.graph.export import write_export

    graph = _graph(settings, filtered_triples, triples)
    files = write_export(graph, settings.place.exports)
    ledger.stamp("graph_export")
    counts = {"nodes": len(graph.nodes), "relationships": len(graph.edges)}
    return dg.MaterializeResult(metadata={"files": [str(path) for path in files], **counts})


@dg.asset(**table_asset("treatment_ranking", GROUP, kinds={"matplotlib"}, pool=ALL_MONTHS))
def treatment_ranking(
    settings: Settings, filtered_triples: pd.DataFrame
) -> dg.Output[pd.DataFrame]:
    words = load_dictionaries(settings.words)
    ranking = rank_treatments(filtered_triples, concept_table(words), disease_in_focus(words))
    chart = settings.place.reports / "treatment_ranking.png"
    return dg.Output(ranking, metadata={"chart": picture(ranking_chart(ranking, chart))})


@dg.asset(**plain_asset("graph_report", GROUP, {"html"}, pool=ALL_MONTHS, deps=BENCHMARKS))
def graph_report(
    settings: Settings,
    ledger: LedgerParam,
    filtered_triples: pd.DataFrame,
    triples: pd.DataFrame,
    treatment_ranking: pd.DataFrame,
    review_queue: pd.DataFrame,
    quarantined_files: pd.DataFrame,
) -> dg.MaterializeResult:
    """One page to look at: counts, ranking, the graph around RA, the benchmarks' tables."""
    graph, page = _graph(settings, filtered_triples, triples), report_page_of(settings)
    facts = _facts(settings, triples, quality_notes(review_queue, quarantined_files))
    disease = disease_in_focus(load_dictionaries(settings.words))
    write_report(graph, treatment_ranking, facts, disease, page)
    ledger.stamp("graph_report")
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(page)})


@dg.asset(**table_asset("expert_evaluation", GROUP))
def expert_evaluation(settings: Settings) -> dg.Output[pd.DataFrame]:
    from rakg_assets.graph.evaluation import evaluate

    result = evaluate(read_scores(settings.score_sheets))
    agreement = {f"kendall_{k}": v for k, v in asdict(result.agreement).items() if v == v}
    layers = result.layers.to_markdown(index=False) if len(result.layers) else "none"
    metadata = {"layers": dg.MetadataValue.md(layers), **agreement}
    return dg.Output(result.table, metadata=metadata | {"note": result.message or "scored"})


def disease_in_focus(words: Mapping[EntityType, Dictionary]) -> str:
    """Id of the concept rheumatoid arthritis, around which ranking and report turn."""
    return ra_concepts(words[EntityType.DISEASE]).head


def model_versions(settings: Settings) -> str:
    """The versions of the models in use, for the edges' provenance."""
    shelf = shelf_of(settings)
    return f"ner {shelf.version('ner')}, relation {shelf.version('relation')}"


def _graph(settings: Settings, filtered: pd.DataFrame, triples: pd.DataFrame) -> Graph:
    words = load_dictionaries(settings.words)
    provenance = Provenance(triples, model_versions(settings), dictionaries_version(words))
    return build_graph(filtered, concept_table(words), provenance)


def report_page_of(settings: Settings) -> Path:
    """Where the report lies."""
    return settings.place.reports / "graph.html"


def _facts(settings: Settings, triples: pd.DataFrame, notes: Sequence[Note]) -> ReportFacts:
    words, results = load_dictionaries(settings.words), settings.shown_results
    return ReportFacts(
        minimum=settings.minimum_support,
        model_version=model_versions(settings),
        dictionary_version=dictionaries_version(words),
        counted=settings.support_by,
        records=triples["record_ids"].explode().nunique(),
        notes=notes,
        of_sample=not settings.inbox,
        tables=result_tables(results),
        table_notes=reading_notes(results, shipped=results != settings.place.benchmarks),
    )


def _made_from(settings: Settings, month: str | None) -> str:
    return f"{model_versions(settings)} {words_version(settings)}"


def _told_from(settings: Settings, month: str | None) -> str:
    results = hash_files(*sorted(settings.shown_results.glob("*.json")))
    return f"{_made_from(settings, month)} {results}"


def _stores(settings: Settings, month: str | None) -> str:
    """Another database is empty: the graph has to be written to it."""
    database = f" {settings.neo4j_uri} {settings.neo4j_database}" if settings.neo4j_uri else ""
    return _made_from(settings, month) + database


def _score_sheets(settings: Settings, month: str | None) -> str:
    return hash_files(settings.score_sheets)


RECIPES = [
    *(
        Recipe(asset, ("filtered_triples", "triples"), extras=_made_from)
        for asset in ("graph_export", "treatment_ranking")
    ),
    Recipe("knowledge_graph", ("filtered_triples", "triples"), extras=_stores),
    Recipe(
        "graph_report",
        ("filtered_triples", "triples", "review_queue", "quarantined_files"),
        extras=_told_from,
    ),
    Recipe("expert_evaluation", extras=_score_sheets),
]
