"""Which nodes of a database are ours: those with a second label, which nobody else's has.

Belongs here: that label, and narrowing a reading statement to it, so that the text in
`cypher.py` gives the same answers here as in a store that holds nothing else. Does not belong
here: statements that write (`statements.py`).
"""

from __future__ import annotations

import re

from rakg_assets.ontology.schema import EntityType

OWN = "RakgConcept"
_LABELS = frozenset(kind.node_label for kind in EntityType)
_LABEL = "(?:" + "|".join(sorted(_LABELS)) + ")"
# A node pattern `(n:Symptom` or `(:Symptom|Disease`, whatever follows its labels.
_NODE = re.compile(rf"\(\s*(\w*)\s*:\s*({_LABEL}(?:\s*\|\s*{_LABEL})*)(?![\w|&:])")


def own(statement: str) -> str:
    """The statement with every node pattern of our labels narrowed to the nodes that are ours."""
    return _NODE.sub(_narrowed, statement)


def _narrowed(match: re.Match[str]) -> str:
    labels = [label.strip() for label in match[2].split("|")]
    if set(labels) == _LABELS:
        return f"({match[1]}:{OWN}"
    choice = labels[0] if len(labels) == 1 else f"({'|'.join(labels)})"
    return f"({match[1]}:{OWN}&{choice}"
