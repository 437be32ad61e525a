"""Relations that a small model learns in seconds: sites of symptoms, what came of a treatment."""

from __future__ import annotations

from dataclasses import replace

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.relation import RelationConfig
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets_tests.extraction.conftest import marked

CUES = RelationCues({"improved": ["好转", "缓解"], "persistent": ["无效"]})
SMALL = RelationConfig(
    epochs=2, threads=1, device="cpu", character_size=16, hidden_size=16, dropout=0.0
)
LEARNER = replace(SMALL, epochs=30, learning_rate=1e-2, batch_pairs=8)


def related(text: str, *relations: tuple[str, int, int], name: str = "X") -> Document:
    return replace(marked(text, name=name), relations=tuple(RelationMention(*r) for r in relations))


def toy_documents() -> list[Document]:
    """The symptom belongs to the site before it; treatments improve or not as the cue says."""
    rows = []
    for i, (a, b) in enumerate((("双手", "双膝"), ("右踝", "双腕"), ("左肩", "右肘"))):
        part = "body_part_symptom"
        rows += [
            related(f"[{a}]b[肿痛]s，[{b}]b[疼痛]s。", (part, 0, 1), (part, 2, 3), name=f"a{i}"),
            related(f"[{a}]b、[{b}]b[肿痛]s。", (part, 0, 2), (part, 1, 2), name=f"b{i}"),
            related("服[汤剂]t后[疼痛]s好转。", ("treatment_improved", 0, 1), name=f"c{i}"),
            related("服[汤剂]t后[疼痛]s缓解。", ("treatment_improved", 0, 1), name=f"d{i}"),
            related("服[汤剂]t，[疼痛]s无效。", ("treatment_not_improved", 0, 1), name=f"e{i}"),
            related("[疼痛]s，未服[汤剂]t。", name=f"f{i}"),
        ]
    return rows
