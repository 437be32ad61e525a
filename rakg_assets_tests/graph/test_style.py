"""The style file of Neo4j Browser keeps to the graph's words and to the pages' colours."""

from __future__ import annotations

import re

from rakg_assets.extraction.marked_text import marked_page
from rakg_assets.graph.neo4j.jars import shipped_deployment
from rakg_assets.ontology.schema import EntityType, Relation

STYLE = (shipped_deployment() / "neo4j" / "style.grass").read_text("utf-8")
# Browser reads no comments: a rule is a selector and lines `property: value;`.
_RULE = re.compile(r"(?P<selector>[\w.]+) \{\n(?P<lines>(?:  [a-z-]+: [^;:\n]+;\n)+)\}\n")


def rules() -> dict[str, dict[str, str]]:
    found = {}
    for rule in _RULE.finditer(STYLE):
        lines = [line.strip().removesuffix(";") for line in rule["lines"].splitlines()]
        found[rule["selector"]] = dict(line.split(": ") for line in lines)
    return found


def colours_of_pages() -> dict[str, str]:
    light, _ = marked_page([], "").split("@media", 1)
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", light))


def test_the_file_holds_rules_and_nothing_else() -> None:
    assert _RULE.sub("", STYLE) == ""
    assert len(_RULE.findall(STYLE)) == len(rules())


def test_every_type_and_relation_has_a_rule() -> None:
    expected = {"node", "relationship"}
    expected |= {f"node.{kind.node_label}" for kind in EntityType}
    expected |= {f"relationship.{relation.edge_type}" for relation in Relation}
    assert set(rules()) == expected


def test_types_look_as_on_pages_and_carry_their_chinese_name() -> None:
    colours = colours_of_pages()
    for kind in EntityType:
        rule = rules()[f"node.{kind.node_label}"]
        assert rule["color"] == colours[kind.value]
        assert rule["caption"] == '"{name_zh}"'
        assert re.fullmatch(r"\d+px", rule["diameter"])


def test_relations_carry_their_type() -> None:
    for relation in Relation:
        assert rules()[f"relationship.{relation.edge_type}"]["caption"] == '"<type>"'
