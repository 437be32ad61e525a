"""Links are kept, and a changed dictionary looks up what it touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.fusion.calibration import Curve
from rakg_assets.fusion.link_memory import LinkMemory
from rakg_assets.fusion.linking import Link, Linker
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.ontology.dictionaries import Dictionary
from rakg_assets.ontology.schema import EntityType

_T, _D = EntityType.TREATMENT, EntityType.DISEASE
_MENTIONS = [(_T, "MTX"), (_D, "RA"), (_T, "小粉片"), (_T, "MTX")]
Memory = Callable[..., LinkMemory]


@pytest.fixture
def loads() -> list[str]:
    """Grows by one whenever a linker is made."""
    return []


@pytest.fixture
def memory(
    tmp_path: Path,
    dictionaries: dict[EntityType, Dictionary],
    normaliser: Normaliser,
    curves: dict[EntityType, Curve],
    loads: list[str],
) -> Memory:
    """Makes a memory of one folder, with 小粉片 as another name of methotrexate if asked."""

    def make(named: bool = False) -> LinkMemory:
        treatments = dictionaries[_T]
        if named:
            first, *others = treatments.concepts
            first = replace(first, aliases=(*first.aliases, "小粉片"))
            treatments = replace(treatments, concepts=(first, *others), version="newer")
        words = {**dictionaries, _T: treatments}

        def load() -> Linker:
            loads.append("linker")
            return Linker(words, normaliser, curves)

        return LinkMemory(tmp_path, {kind: d.version for kind, d in words.items()}, load)

    return make


def without_aliases(linker: Linker) -> list[Link]:
    """What a memory keeps of the linker's links."""
    return [replace(link, aliases=()) for link in linker.link_all(_MENTIONS)]


def test_links_are_those_of_the_linker(memory: Memory, linker: Linker) -> None:
    assert memory().link_all(_MENTIONS) == without_aliases(linker)


def test_what_is_known_is_not_looked_up_again(memory: Memory, loads: list[str]) -> None:
    links = memory().link_all(_MENTIONS)
    assert memory().link_all(_MENTIONS) == links
    assert len(loads) == 1


def test_a_changed_dictionary_changes_only_what_it_touches(memory: Memory) -> None:
    before = memory().link_all(_MENTIONS)
    after = memory(named=True).link_all(_MENTIONS)
    assert after[:2] == before[:2]
    assert after[2].concept_id == "T1"
    assert after[2].dictionary_version == "newer"


def test_the_digest_changes_with_the_links_it_covers(memory: Memory) -> None:
    old, new = memory(), memory(named=True)
    assert old.digest([(_D, "RA")]) == new.digest([(_D, "RA")])
    assert old.digest([(_T, "小粉片")]) != new.digest([(_T, "小粉片")])
    assert old.digest(_MENTIONS) == old.digest(reversed(_MENTIONS))


def test_a_broken_file_is_made_anew(memory: Memory, tmp_path: Path, linker: Linker) -> None:
    memory().link_all(_MENTIONS)
    (tmp_path / "treatment.parquet").write_bytes(b"cut")
    assert memory().link_all(_MENTIONS) == without_aliases(linker)
