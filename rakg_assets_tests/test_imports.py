"""Imports go one way; Dagster, torch and neo4j stay where they belong."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "rakg_assets"
MODULES = sorted(ROOT.rglob("*.py"))

# What each stage may import of ours, beside itself.
ALLOWED = {
    "ontology": set(),
    "admissions": {"ontology"},
    "corpus": {"ontology", "admissions"},
    "extraction": {"ontology", "admissions", "corpus"},
    "fusion": {"ontology", "admissions", "corpus", "extraction"},
    "graph": {"ontology", "admissions", "corpus", "extraction", "fusion"},
    "sample": {"ontology", "corpus"},
    "orchestration": {"ontology"},
}
STAGE_FILES = {"assets.py", "checks.py", "resources.py"}
DAGSTER_FILES = {*STAGE_FILES, "definitions.py", "cli.py"}


def imports(path: Path, top_level_only: bool = False) -> set[str]:
    """Dotted names that a module imports; with `top_level_only` not those inside functions."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def stage_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else ""


def packages(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    stage, names = stage_of(path), imports(path)
    if stage in ALLOWED:
        ours = {n.split(".")[1] for n in names if n.startswith("rakg_assets.")}
        allowed = ALLOWED[stage] | {stage}
        if path.name in STAGE_FILES:
            allowed = allowed | {"orchestration"}
        assert ours <= allowed
    if path.name not in DAGSTER_FILES and stage != "orchestration":
        assert "dagster" not in packages(names)
    if stage != "extraction":
        assert not packages(names) & {"torch", "transformers"}
    if path.parent != ROOT / "graph" / "neo4j":
        assert "neo4j" not in packages(names)


@pytest.mark.parametrize("name", sorted(STAGE_FILES))
def test_what_definitions_load_is_light(name: str) -> None:
    heavy = {"torch", "transformers", "great_expectations", "neo4j"}
    for path in ROOT.glob(f"*/{name}"):
        assert not packages(imports(path, top_level_only=True)) & heavy
