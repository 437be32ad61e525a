"""The BiLSTM of both networks."""

from __future__ import annotations

import torch

from rakg_assets.extraction.reader import Reader


def reading(lengths: list[int], width: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    return torch.randn(len(lengths), max(lengths), width), mask


def test_what_a_text_gets_does_not_depend_on_its_neighbours() -> None:
    vectors, mask = reading([5, 2])
    torch.manual_seed(0)
    reader = Reader(3, 4)

    together = reader(vectors, mask)
    alone = reader(vectors[1:, :2], mask[1:, :2])

    assert together.shape == (2, 5, 8)
    torch.testing.assert_close(together[1, :2], alone[0])


def test_each_end_knows_the_other() -> None:
    vectors, mask = reading([4])
    reader = Reader(3, 4)
    changed = vectors.clone()
    changed[0, -1] += 1

    before, after = reader(vectors, mask)[0], reader(changed, mask)[0]

    assert torch.equal(before[0, :4], after[0, :4])
    assert not torch.allclose(before[0, 4:], after[0, 4:])
