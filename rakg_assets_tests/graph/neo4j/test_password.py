from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rakg_assets.graph.neo4j.password import generate_password


def test_a_password_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "neo4j" / "password"
    password = generate_password(file)
    assert file.read_text("ascii") == password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(password) >= 24


def test_a_password_in_use_is_not_replaced(tmp_path: Path) -> None:
    first = generate_password(tmp_path / "password")
    with pytest.raises(FileExistsError):
        generate_password(tmp_path / "password")
    assert (tmp_path / "password").read_text("ascii") == first
    assert generate_password(tmp_path / "another") != first
