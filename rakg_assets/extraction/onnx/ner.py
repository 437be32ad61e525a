"""The released NER model: ONNX Runtime and numpy, without torch.

Belongs here: the folder that `export.py` writes as a model with the outside of `NerModel`.
Does not belong here: decoding (`crf.py`), features (`features.py`), prediction of whole
corpora (`inference.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.artifacts import NETWORK, ModelError, model_version, read_part
from rakg_assets.extraction.encoders.tokens import CharacterTokens, restore_tokens
from rakg_assets.extraction.features import Featurizer
from rakg_assets.extraction.onnx.crf import CrfScores, read_scores
from rakg_assets.extraction.processor import cores, has_byte_products
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
# Slower 8-bit products that cannot overflow, for processors without dot products of bytes (VNNI).
_EXACT_PRODUCTS = "session.x64quantprecision"


@dataclass
class OnnxNer:
    """A network with what turns texts into its tensors; `limit` is the longest segment.

    `network` maps named tensors to emissions; who times it may put a watch around it.
    """

    network: Callable[[Mapping[str, np.ndarray]], np.ndarray]
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


def has_onnx(folder: Path) -> bool:
    """Whether a released network lies in the folder."""
    return (folder / NETWORK).is_file()


def load_onnx_ner(folder: Path, threads: int | None = None) -> OnnxNer:
    """The model in a release folder, on so many threads; None means one a core.

    Raises `ModelError` where there is none or it is damaged.
    """
    vocab = read_part(folder, "vocab")
    characters, most = restore_tokens(vocab["encoder"])
    config = read_part(folder, "config")
    limit = config["segment_length"]
    return OnnxNer(
        network=_network(folder / NETWORK, threads or cores()),
        characters=characters,
        featurizer=Featurizer.from_json(vocab["features"]),
        tags=TagSet(tuple(vocab["labels"])),
        crf=read_scores(folder),
        limit=limit if most is None else min(limit, most),
        version=model_version(folder),
        joined=config.get("joined", False),
    )


def _network(path: Path, threads: int) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # errors
    if not has_byte_products():
        options.add_session_config_entry(_EXACT_PRODUCTS, "1")
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        reason = type(error).__name__
        raise ModelError(f"{path}: {reason}; export the model again") from error
    # A network without features has no such input.
    names = [tensor.name for tensor in session.get_inputs()]
    return lambda tensors: session.run(None, {name: tensors[name] for name in names})[0]
