"""The cards of the models that ship: what each was made of and reaches, for who is to trust it.

Belongs here: their words and tables. Does not belong here: how a model is trained and measured
(`release.py`, `relation_release.py`), the encoder's card (`encoders/card.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Figures = Mapping[str, Any]

_LIMITS = """\
## Limits

- Records of another hospital or specialty will be read worse than these figures say.
- The dev split chose the epoch; the test split chose nothing."""
_SUGGESTS = """\
- It suggests; it does not diagnose. What it finds is to be checked before it is acted upon."""


def entity_card(figures: Figures, base: str, origin: str) -> str:
    """The card of a tagger; `base` names its encoder, `origin` its labelled records."""
    scores = [figures[weights] for weights in ("float32", "int8")]
    rows = "\n".join(f"| {part} | {_f1s(kind[part] for kind in scores)} |" for part in scores[-1])
    return f"""\
# Entities of Chinese rheumatology records

A tagger of nine entity types (BERT over characters, features of characters and dictionaries,
BiLSTM, CRF), weights as int8 for ONNX Runtime.

- Encoder it was fine-tuned from: {base or "see `released/encoder`"}
{_labelled(figures, origin)}
- Sentences of texts without labels that a first model was sure of: {figures["sure_sentences"]:,}
- Dictionaries: those of this project, as features and for exchanged mentions
{_training(figures)}

| split of the records | strict F1, float32 | strict F1, int8 |
|---|---|---|
{rows}

Test split by type, int8:

{_types(figures["int8"]["test"])}

{_LIMITS}
- Entities do not nest and do not leave their sentence.
{_SUGGESTS}
"""


def relation_card(figures: Figures, base: str, origin: str) -> str:
    """The card of a model of relations; `base` names its encoder, if it started from one."""
    scores = [figures[weights] for weights in ("float32", "int8")]
    rows = "\n".join(
        f"| {part} | {entities} | {_f1s(kind[entities][part] for kind in scores)} |"
        for entities in ("gold", "predicted")
        for part in ("dev", "test")
    )
    reader = f"BERT over characters, fine-tuned from {base}" if base else "BiLSTM over characters"
    return f"""\
# Relations in Chinese rheumatology records

A classifier of pairs of entities in a sentence ({reader}; marks around the pair; the sentence,
both entities and facts of the pair into a feed-forward net), weights as int8 for ONNX Runtime.

{_labelled(figures, origin)}
- Cue words: those of this project's dictionaries
{_training(figures)}

| split of the records | entities | F1, float32 | F1, int8 |
|---|---|---|---|
{rows}

A relation counts with both its spans and its label right. Predicted entities are those that the
entity model and the assertion rules that ship find.

A relation's score is the probability that it holds and that both its entities are right. On the
test split, int8; the error is the expected calibration error in 15 bins (Guo et al. 2017):

| entities | mean score | share right | error |
|---|---|---|---|
{_trust(figures["int8"])}

Test split by label between gold entities, int8:

{_types(figures["int8"]["gold"]["test"])}

Test split by label between predicted entities, int8:

{_types(figures["int8"]["predicted"]["test"])}

{_LIMITS}
- It learnt from gold entities{_found(figures)}; pairs of different sentences are never looked at.
{_SUGGESTS}
"""


def _labelled(figures: Figures, origin: str) -> str:
    what = origin or "records (fill in their source and licence)"
    return f"- Labelled data: {figures['records']} {what}"


def _found(figures: Figures) -> str:
    count = figures["found_sentences"]
    others = f" and from {count} sentences with entities as models found them that had not learnt"
    return f"{others} from their records" if count else ""


def _training(figures: Figures) -> str:
    return f"- Seed: {figures['seed']}; epoch kept: {figures['training']['best_epoch']}"


def _f1s(scores: Iterable[Figures]) -> str:
    return " | ".join(f"{score['overall']['f1']:.2f}" for score in scores)


def _trust(scores: Figures) -> str:
    names = ("mean_score", "share_right", "calibration_error")
    trust = {entities: scores[entities]["test"]["trust"] for entities in ("gold", "predicted")}
    return "\n".join(
        f"| {entities} | {' | '.join(f'{shares[name]:.3f}' for name in names)} |"
        for entities, shares in trust.items()
    )


def _types(scores: Figures) -> str:
    rows = "\n".join(
        f"| {label} | {f['precision']:.1f} | {f['recall']:.1f} | {f['f1']:.1f} | {f['gold']} |"
        for label, f in scores["by_type"].items()
    )
    return f"| type | precision | recall | F1 | gold |\n|---|---|---|---|---|\n{rows}"
