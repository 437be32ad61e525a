"""Links kept beside the tables, so that a changed dictionary relinks only what it touches.

A type's links stay as long as its dictionary, word lists and overrides do; when they change, its
mentions are looked up anew, and a link that comes out the same keeps the dictionary version it was
first found with. A concept's aliases are not kept: no table holds them. Does not belong here:
linking (`linking.py`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rakg_assets.fusion.linking import Link, Linker, Mention
from rakg_assets.ontology.files import write_atomically
from rakg_assets.ontology.schema import EntityType

_STATE = b"state"
_MENTION = "mention"
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in (_MENTION, "concept_id", "name_zh", "name_en")),
        *((name, pa.string()) for name in ("laterality", "numbers", "method")),
        ("score", pa.float64()),
        ("dictionary_version", pa.string()),
    ]
)


class LinkMemory:
    """The links of a home: `folder` holds one file a type.

    `states` names for each type the state of all that decides its links; `load` makes the linker
    when a mention must be looked up.
    """

    def __init__(
        self, folder: Path, states: dict[EntityType, str], load: Callable[[], Linker]
    ) -> None:
        self._folder, self._states, self._load = folder, states, load
        self._linker: Linker | None = None
        # The steps of a run in one process may share a memory.
        self._lock = threading.RLock()
        self._links: dict[EntityType, dict[str, Link]] = {}

    def link_all(self, mentions: Sequence[Mention]) -> list[Link]:
        """The links of mentions, in their order; what is new is linked and kept."""
        with self._lock:
            return self._link_all(mentions)

    def _link_all(self, mentions: Sequence[Mention]) -> list[Link]:
        wanted: dict[EntityType, list[str]] = {}
        for kind, mention in dict.fromkeys(mentions):
            if mention not in self._known(kind):
                wanted.setdefault(kind, []).append(mention)
        for kind, texts in wanted.items():
            self._links[kind] |= self._looked_up(kind, texts)
            self._save(kind, self._links[kind])
        return [self._links[kind][mention] for kind, mention in mentions]

    def digest(self, mentions: Iterable[Mention]) -> str:
        """A hash of the links of mentions; another one where any of them has changed."""
        ordered = sorted(set(mentions))
        links = [asdict(link) for link in self.link_all(ordered)]
        content = json.dumps([ordered, links], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def _known(self, kind: EntityType) -> dict[str, Link]:
        if kind not in self._links:
            state, kept = self._read(kind)
            self._links[kind] = kept if state == self._states[kind] else self._relinked(kind, kept)
        return self._links[kind]

    def _relinked(self, kind: EntityType, kept: dict[str, Link]) -> dict[str, Link]:
        links = {
            mention: _kept_if_same(kept[mention], link)
            for mention, link in self._looked_up(kind, list(kept)).items()
        }
        self._save(kind, links)
        return links

    def _looked_up(self, kind: EntityType, texts: Sequence[str]) -> dict[str, Link]:
        if not texts:
            return {}
        self._linker = self._linker or self._load()
        links = self._linker.link_all([(kind, text) for text in texts])
        return {text: replace(link, aliases=()) for text, link in zip(texts, links, strict=True)}

    def _read(self, kind: EntityType) -> tuple[str, dict[str, Link]]:
        try:
            table = pq.read_table(self._file(kind))
            state = (table.schema.metadata or {}).get(_STATE, b"").decode()
            table = table.select(_SCHEMA.names)
        except (OSError, KeyError, pa.ArrowInvalid):
            # Never written, cut off, or of other columns: links are found again.
            return "", {}
        return state, {row.pop(_MENTION): Link(**row) for row in table.to_pylist()}

    def _save(self, kind: EntityType, links: dict[str, Link]) -> None:
        rows = [{_MENTION: mention, **asdict(link)} for mention, link in sorted(links.items())]
        schema = _SCHEMA.with_metadata({_STATE: self._states[kind]})
        table = pa.Table.from_pylist(rows, schema=schema)
        write_atomically(self._file(kind), lambda path: pq.write_table(table, path))

    def _file(self, kind: EntityType) -> Path:
        return self._folder / f"{kind.value}.parquet"


def _kept_if_same(old: Link, new: Link) -> Link:
    return old if replace(new, dictionary_version=old.dictionary_version) == old else new
