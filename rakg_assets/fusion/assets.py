"""Assets of stage 4: linked mentions, the review queue, triples and what is frequent enough.

The linker is imported where it is used: definitions load without scikit-learn.
"""

import dagster as dg
import pandas as pd

from rakg_assets.fusion.rules import ra_concepts
from rakg_assets.fusion.triples import filter_triples, month_triples
from rakg_assets.ontology.dictionaries import load_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.orchestration.declare import ALL_MONTHS, table_asset
from rakg_assets.orchestration.freshness import Recipe, hash_files
from rakg_assets.orchestration.resources import Settings

GROUP = "fusion"


@dg.asset(**table_asset("linked_entities", GROUP, kinds={"scikitlearn", "parquet"}))
def linked_entities(settings: Settings, predicted_entities: pd.DataFrame) -> pd.DataFrame:
    from rakg_assets.fusion.linking import Linker, link_table

    return link_table(predicted_entities, Linker.load(settings.words))


@dg.asset(**table_asset("review_queue", GROUP, pool=ALL_MONTHS))
def review_queue(settings: Settings, linked_entities: pd.DataFrame) -> pd.DataFrame:
    from rakg_assets.fusion.linking import Linker
    from rakg_assets.fusion.review import review_queue as queue_of

    return queue_of(linked_entities, Linker.load(settings.words))


@dg.asset(**table_asset("triples", GROUP))
def triples(
    settings: Settings, linked_entities: pd.DataFrame, predicted_relations: pd.DataFrame
) -> pd.DataFrame:
    diseases = load_dictionaries(settings.words)[EntityType.DISEASE]
    return month_triples(linked_entities, predicted_relations, ra_concepts(diseases))


@dg.asset(**table_asset("filtered_triples", GROUP, pool=ALL_MONTHS))
def filtered_triples(
    settings: Settings, triples: pd.DataFrame, linked_entities: pd.DataFrame
) -> pd.DataFrame:
    return filter_triples(triples, linked_entities, settings.minimum_support, settings.support_by)


def words_version(settings: Settings, month: str | None = None) -> str:
    """Hash of the dictionaries and word lists that decide links and names."""
    terms = [settings.words / f"{kind.value}.csv" for kind in EntityType]
    return hash_files(*terms, settings.words / "normalisation")


RECIPES = [
    Recipe("linked_entities", ("predicted_entities",), extras=words_version),
    Recipe("review_queue", ("linked_entities",)),
    Recipe("triples", ("linked_entities", "predicted_relations")),
    Recipe(
        "filtered_triples",
        ("triples", "linked_entities"),
        extras=lambda settings, month: f"{settings.minimum_support} {settings.support_by}",
    ),
]
