"""Assets of stage 4: linked mentions, the review queue, triples and what is frequent enough.

The linker is imported where it is used: definitions load without scipy.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pandas as pd

from rakg_assets.extraction.extras import training_packages
from rakg_assets.fusion.overrides import FILE_NAME as OVERRIDES
from rakg_assets.fusion.overrides import overrides_of
from rakg_assets.fusion.rules import ra_concepts
from rakg_assets.fusion.triples import filter_triples, month_triples
from rakg_assets.ontology.dictionaries import load_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.declare import ALL_MONTHS, table_asset
from rakg_assets.orchestration.freshness import Recipe, hash_files
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import table_path

if TYPE_CHECKING:
    from rakg_assets.fusion.link_memory import LinkMemory
    from rakg_assets.fusion.linking import Linker
    from rakg_assets.fusion.name_index import Meaning

GROUP = "fusion"
# Raised when the code links differently, so that no home keeps older links.
_LINKER = "2"


@dg.asset(**table_asset("linked_entities", GROUP))
def linked_entities(settings: Settings, predicted_entities: pd.DataFrame) -> pd.DataFrame:
    from rakg_assets.fusion.linking import link_table

    return link_table(predicted_entities, link_memory(settings))


@dg.asset(**table_asset("review_queue", GROUP, pool=ALL_MONTHS))
def review_queue(settings: Settings, linked_entities: pd.DataFrame) -> pd.DataFrame:
    from rakg_assets.fusion.review import review_queue as queue_of

    return queue_of(linked_entities, linker_of(settings))


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


def linker_of(settings: Settings) -> Linker:
    """The linker of the configured dictionaries, and of the encoder if there is one."""
    from rakg_assets.fusion.linking import Linker

    return Linker.load(settings.words, meaning_of(settings))


def meaning_of(settings: Settings) -> Meaning | None:
    """What tells near names apart by meaning: the configured encoder, loaded when asked."""
    if not settings.encoder:
        return None
    with training_packages():
        from rakg_assets.extraction.encoders.encoder import load_encoder
        from rakg_assets.extraction.encoders.meaning import NameEncoder

    return NameEncoder(lambda: load_encoder(settings.encoder, settings.place.cache))


def link_memory(settings: Settings) -> LinkMemory:
    """The links of the home, under the dictionaries and word lists as they are now."""
    # The names of the body's parts are no names of another type, so they decide links of all.
    words = settings.words
    shared = hash_files(words / f"{EntityType.BODY_PART}.csv", words / "normalisation")
    decided_by_all = [shared, _encoder_state(settings), _LINKER]
    states = tuple(
        json.dumps([hash_files(words / f"{k}.csv"), overrides_of(words, k), *decided_by_all])
        for k in EntityType
    )
    return _link_memory(settings.model_dump_json(), states)


@lru_cache(maxsize=2)
def _link_memory(settings: str, states: tuple[str, ...]) -> LinkMemory:
    from rakg_assets.fusion.link_memory import LinkMemory

    ours = Settings.model_validate_json(settings)
    by_type = dict(zip(EntityType, states, strict=True))
    return LinkMemory(ours.place.cache / "links", by_type, lambda: linker_of(ours))


def _encoder_state(settings: Settings) -> str:
    """The encoder by name or, where it is a folder, by the sizes and times of its files too."""
    files = sorted(Path(settings.encoder).glob("*")) if settings.encoder else []
    stats = (file.stat() for file in files)
    return " ".join([settings.encoder, *(f"{s.st_size} {s.st_mtime_ns}" for s in stats)])


def links_version(settings: Settings, month: str | None) -> str:
    """A hash of the links of a month's mentions as the dictionaries now make them.

    So a changed dictionary makes stale only the months in which a link has changed.
    """
    path = table_path(settings.place.tables, TABLES["predicted_entities"], month)
    if not path.exists():
        return ""
    mentions = pd.read_parquet(path, columns=["label", "text"]).drop_duplicates()
    return link_memory(settings).digest(
        [(EntityType(label), text) for label, text in mentions.itertuples(index=False)]
    )


def words_version(settings: Settings, month: str | None = None) -> str:
    """Hash of the dictionaries, word lists and decisions that decide links and names."""
    terms = [settings.words / f"{kind.value}.csv" for kind in EntityType]
    return hash_files(*terms, settings.words / "normalisation", settings.words / OVERRIDES)


def ra_version(settings: Settings, month: str | None = None) -> str:
    """Which diseases count as RA: rule relations start from a record's diagnosis of one."""
    return _ra_version(settings.words, hash_files(settings.words / f"{EntityType.DISEASE}.csv"))


@lru_cache(maxsize=2)
def _ra_version(words: Path, content: str) -> str:
    ra = ra_concepts(load_dictionaries(words)[EntityType.DISEASE])
    return " ".join([ra.head, *sorted(ra.all)])


RECIPES = [
    Recipe("linked_entities", ("predicted_entities",), _LINKER, extras=links_version),
    Recipe("review_queue", ("linked_entities",), version="2", extras=words_version),
    Recipe("triples", ("linked_entities", "predicted_relations"), extras=ra_version),
    Recipe(
        "filtered_triples",
        ("triples", "linked_entities"),
        extras=lambda settings, month: f"{settings.minimum_support} {settings.support_by}",
    ),
]
