"""Where trained models stand: one folder a version, and which version is in use.

    models/<kind>/<version>/     weights, config, vocabulary, metrics
    models/<kind>/current        the name of the version in use
    models/<kind>/in_training/   an unfinished training with its checkpoint
    released/<kind>/             the model that ships, named by its content

Belongs here: finding and changing the model in use, without loading it (no torch). Does not
belong here: what lies in a version's folder (`artifacts.py`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rakg_assets.extraction.artifacts import model_version
from rakg_assets.ontology.files import write_folder, write_text

_CURRENT, _TRAINED_FROM = "current", "trained_from.json"
_CONFIG = "config.json"


class NoModelError(LookupError):
    """No model of a kind is trained and none ships; the message says what to do."""


@dataclass(frozen=True)
class Shelf:
    """The models of one home; those that ship in `released` stand in where it has none."""

    root: Path
    released: Path

    def folder(self, kind: str) -> Path:
        """The folder of the model in use. Raises `NoModelError`."""
        if (found := self._find(kind)) is None:
            raise NoModelError(
                f"there is no {kind} model in {self.root / kind} and none ships; "
                f"materialise the asset {kind}_model, or run `rakg run`, which trains one"
            )
        return found

    def has(self, kind: str) -> bool:
        """Whether a model of this kind can be used."""
        return self._find(kind) is not None

    def version(self, kind: str) -> str:
        """The version in use; empty if there is none."""
        found = self._find(kind)
        if found is None:
            return ""
        return _shipped_version(found) if found == self.released / kind else found.name

    def _find(self, kind: str) -> Path | None:
        pointer = self.root / kind / _CURRENT
        if pointer.is_file():
            folder = self.root / kind / pointer.read_text("utf-8").strip()
            if folder.is_dir():
                return folder
        shipped = self.released / kind
        return shipped if (shipped / _CONFIG).is_file() else None

    def trained_from(self, kind: str) -> str | None:
        """The inputs that the model in use was trained from; None if it was not trained here."""
        path = self.root / kind / self.version(kind) / _TRAINED_FROM
        return json.loads(path.read_text("utf-8"))["inputs"] if path.is_file() else None

    def train(
        self, kind: str, inputs: str, train: Callable[[Path], None], version: Callable[[Path], str]
    ) -> Path:
        """Train into a fresh folder (or go on with an unfinished one), then put it in use.

        `inputs` names what it is trained from; `train(folder)` writes the model there and
        `version(folder)` names it. The model in use before stays on the shelf.
        """
        working = self.root / kind / "in_training"
        working.mkdir(parents=True, exist_ok=True)
        train(working)
        (working / _TRAINED_FROM).write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
        finished = self.root / kind / version(working)
        if finished.exists():  # the same weights again
            shutil.rmtree(working)
        else:
            os.replace(working, finished)
        self._use(finished)
        return finished

    def adopt(self, kind: str, folder: Path) -> Path:
        """Copy a model that was made elsewhere and put it in use."""
        adopted = self.root / kind / model_version(folder)
        write_folder(adopted, lambda fresh: shutil.copytree(folder, fresh, dirs_exist_ok=True))
        self._use(adopted)
        return adopted

    def _use(self, folder: Path) -> None:
        write_text(folder.parent / _CURRENT, folder.name)


@cache
def _shipped_version(folder: Path) -> str:
    """Read once a process: what ships does not change under it."""
    return model_version(folder)
