"""The released NER model: ONNX Runtime and numpy, without torch.

Belongs here: the folder that `export.py` writes as a model with the outside of `NerModel`.
Does not belong here: the session (`session.py`), decoding (`crf.py`), features (`features.py`),
prediction of whole corpora (`inference.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.artifacts import model_version, read_part
from rakg_assets.extraction.encoders.tokens import CharacterTokens, restore_tokens
from rakg_assets.extraction.features import Featurizer
from rakg_assets.extraction.onnx.crf import CrfScores, read_scores
from rakg_assets.extraction.onnx.session import Network, load_network
from rakg_assets.extraction.reading import (
    ScoredSpan,
    read_entities,
    scored_spans,
    with_entities,
)
from rakg_assets.extraction.tagging import Segment, TagSet, segments
from rakg_assets.extraction.vocabulary import Vocabulary

# Characters of one call of the network, padding included: more do not go faster.
_BATCH = 500


@dataclass
class OnnxNer:
    """A network with what turns texts into its tensors; `limit` is the longest segment.

    `network` maps named tensors to emissions; who times it may put a watch around it.
    """

    network: Network
    characters: CharacterTokens | Vocabulary
    featurizer: Featurizer
    tags: TagSet
    crf: CrfScores
    limit: int
    version: str
    joined: bool = False

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        """The entities of each document in order; `score` is the probability of the span."""
        pieces = segments(documents, self.limit, False, self.joined)
        return read_entities(documents, pieces, _BATCH, self._spans)

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted entities in place of theirs; relations are dropped."""
        return with_entities(documents, self.predict(documents))

    def _spans(self, batch: Sequence[Segment]) -> list[list[ScoredSpan]]:
        tensors = self.tensors(batch)
        return scored_spans(self.tags, self.crf, self.network(tensors), tensors["mask"])

    def tensors(self, batch: Sequence[Segment]) -> dict[str, np.ndarray]:
        """Segments as the inputs of the network, padded to the longest."""
        lengths = [len(segment.text) for segment in batch]
        shape = (len(batch), max(lengths))
        ids = np.zeros(shape, dtype=np.int64)
        features = np.zeros((*shape, len(self.featurizer.columns)), dtype=np.int64)
        for row, (segment, length) in enumerate(zip(batch, lengths, strict=True)):
            ids[row, :length] = self.characters.ids(segment.text)
            features[row, :length] = self.featurizer(segment.text, segment.section)
        mask = np.arange(shape[1]) < np.array(lengths)[:, None]
        return {"ids": ids, "mask": mask, "features": features}


def load_onnx_ner(folder: Path, threads: int | None = None) -> OnnxNer:
    """The model in a release folder, on so many threads; None means one a core.

    Raises `ModelError` where there is none or it is damaged.
    """
    vocab = read_part(folder, "vocab")
    characters, most = restore_tokens(vocab["encoder"])
    config = read_part(folder, "config")
    limit = config["segment_length"]
    return OnnxNer(
        network=load_network(folder, threads),
        characters=characters,
        featurizer=Featurizer.from_json(vocab["features"]),
        tags=TagSet(tuple(vocab["labels"])),
        crf=read_scores(folder),
        limit=limit if most is None else min(limit, most),
        version=model_version(folder),
        joined=config.get("joined", False),
    )
