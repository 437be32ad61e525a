"""A network that reads a text once for all its pairs (`packing.py`).

Text attends to text alone, the markers of a pair to the text and to each other; a marker has the
position of the character it stands at. So a pair gets the same in any company, and the text what
it gets without markers. Does not belong here: which pairs share a pass.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import (
    BertEncoder,
    Encoder,
    EncoderError,
    mixed_precision,
)
from rakg_assets.extraction.marking import HEAD, TAIL
from rakg_assets.extraction.packing import MARKERS, PackedReader
from rakg_assets.extraction.relation_network import (
    LOWEST,
    PairNetwork,
    RelationSizes,
    feed_forward,
)


class PackedNetwork(PairNetwork):
    """The paper's feed-forward net on [CLS], both pooled entities and the pair's markers."""

    reading = PackedReader
    encoder: BertEncoder

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__(encoder, sizes)
        self.first = first_position(encoder)
        words = encoder.backbone.get_input_embeddings().weight
        # Markers begin as the marks of a text that is read for one pair.
        marks = encoder.ids(HEAD + HEAD + TAIL + TAIL)
        self.markers = nn.Embedding(MARKERS, words.shape[1], _weight=words.detach()[marks].clone())
        self.classifier = feed_forward((3 + MARKERS) * encoder.size, sizes)

    def scores(
        self,
        ids: Tensor,
        lengths: Tensor,
        counts: Tensor,
        ends: Tensor,
        slots: Tensor,
        facts: Tensor,
        allowed: Tensor,
    ) -> Tensor:
        """(pairs, labels) of what `PackedReader.arrays` gives."""
        hidden = self.encoded(ids, lengths, counts, ends)
        sentences = hidden[:, :1].expand(-1, ends.shape[1], -1)
        pooled = _spans(ends, ids.shape[1]) @ hidden[:, 1 : ids.shape[1] + 1]
        places = torch.arange(ends[0].numel(), device=ids.device) + lengths[:, None] + 2
        places = places.clamp(max=hidden.shape[1] - 1)[..., None].expand(-1, -1, hidden.shape[2])
        parts = (part.reshape(*ends.shape[:2], -1) for part in (pooled, hidden.gather(1, places)))
        return self.judged(torch.cat([sentences, *parts], -1).flatten(0, 1)[slots], facts, allowed)

    def encoded(self, ids: Tensor, lengths: Tensor, counts: Tensor, ends: Tensor) -> Tensor:
        """Vectors of each pass's pieces, (passes, pieces, size): the text between its special
        pieces, behind it the markers of its pairs, then padding."""
        width = int((lengths + 2 + MARKERS * counts).max())
        places = torch.arange(width, device=ids.device)
        # The number of a marker; below 0 stands the text.
        number = places - lengths[:, None] - 2
        text, marker = number < 0, (number >= 0) & (number < MARKERS * counts[:, None])
        number = number.clamp(0, ends[0].numel() - 1)
        words = self.encoder.backbone.get_input_embeddings()(
            _framed(self.encoder, ids, lengths, width)
        )
        vectors = torch.where(marker[..., None], self.markers(number % MARKERS), words)
        # Characters stand behind the first special piece.
        positions = torch.where(marker, ends.flatten(1).gather(1, number) + 1, places * text)
        with mixed_precision(self, ids.device):
            read = self.encoder.backbone(
                inputs_embeds=vectors,
                position_ids=positions + self.first,
                attention_mask=_attention(text, marker, number // MARKERS),
            )
        return read.last_hidden_state.float()


def first_position(encoder: Encoder) -> int:
    """The position of the first piece: 0, or behind padding's where that has one (RoBERTa).

    Raises `EncoderError` for an encoder in which two pieces cannot share a position.
    """
    backbone = encoder.backbone if isinstance(encoder, BertEncoder) else None
    table = getattr(getattr(backbone, "embeddings", None), "position_embeddings", None)
    if table is None:
        raise EncoderError(
            "packed pairs need an encoder with a table of positions (BERT, RoBERTa); "
            "take another, or the network ffnn"
        )
    return 0 if table.padding_idx is None else table.padding_idx + 1


def _framed(encoder: BertEncoder, ids: Tensor, lengths: Tensor, width: int) -> Tensor:
    """Texts (passes, length) between their special pieces, padded: (passes, width)."""
    special, places = encoder.characters, torch.arange(ids.shape[1], device=ids.device)
    texts = ids.masked_fill(places >= lengths[:, None], special.padding)
    framed = nn.functional.pad(texts, (1, width - ids.shape[1] - 1), value=special.padding)
    framed[:, 0] = special.first
    return framed.scatter(1, lengths[:, None] + 1, special.last)


def _attention(text: Tensor, marker: Tensor, pair: Tensor) -> Tensor:
    """What is added to attention scores: (passes, 1, pieces, pieces).

    Of each piece, (passes, pieces), whether it is of the text or a marker, and of which pair.
    """
    # Anything that is no marker is of no pair.
    of = torch.where(marker, pair, -1)
    own = (of[:, :, None] == of[:, None]) & marker[:, None]
    return torch.zeros_like(own, dtype=torch.float).masked_fill(~(own | text[:, None]), LOWEST)[
        :, None
    ]


def _spans(ends: Tensor, length: int) -> Tensor:
    """Weights that give the mean over each entity: (passes, 2 * pairs, length)."""
    first, last = ends.flatten(1)[:, ::2, None], ends.flatten(1)[:, 1::2, None]
    places = torch.arange(length, device=ends.device)
    return ((places >= first) & (places <= last)).float() / (last - first + 1)
