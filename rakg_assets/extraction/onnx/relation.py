"""The released relation model: ONNX Runtime and numpy, without torch.

Belongs here: the folder that `export.py` writes as a model with the outside of `RelationModel`.
Does not belong here: the session (`session.py`), pairs and what scores say
(`relation_reading.py`), prediction of whole corpora (`inference.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.artifacts import model_version, read_part
from rakg_assets.extraction.encoders.tokens import restore_tokens
from rakg_assets.extraction.onnx.session import Network, load_network
from rakg_assets.extraction.pairs import Pair
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_reading import PairReader, with_relations
from rakg_assets.extraction.vocabulary import Vocabulary


@dataclass
class OnnxRelation:
    """A network with what turns documents with entities into its arrays.

    `network` maps named arrays to scores; who times it may put a watch around it.
    """

    network: Network
    reader: PairReader
    version: str

    def predict(self, documents: Sequence[Document]) -> list[tuple[RelationMention, ...]]:
        """The relations between the present entities of each document, in order, with scores."""
        return self.reader.relations(documents, self._scores, self.reader.read_at_once())

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted relations in place of theirs."""
        return with_relations(documents, self.predict(documents))

    def _scores(self, pairs: Sequence[Pair]) -> np.ndarray:
        return self.network(self.reader.arrays(pairs))


def load_onnx_relation(folder: Path, threads: int | None = None) -> OnnxRelation:
    """The model in a release folder, on so many threads; None means one a core.

    Raises `ModelError` where there is none or it is damaged.
    """
    vocab = read_part(folder, "vocab")
    characters, limit = restore_tokens(vocab["encoder"])
    facts = tuple(map(Vocabulary, vocab["facts"]))
    config, cues = read_part(folder, "config"), RelationCues(vocab["cues"])
    reader = PairReader.of(config, characters, limit, cues, facts)
    return OnnxRelation(load_network(folder, threads), reader, model_version(folder))
