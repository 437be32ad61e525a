"""The commands of `rakg` as tests run them: in this process, or as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from rakg_assets.cli import app


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in an empty folder; what they set for libraries is taken back."""
    monkeypatch.chdir(tmp_path)
    for name in ("TMPDIR", "MPLCONFIGDIR", "HF_HOME", "XDG_CACHE_HOME", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, str(tmp_path / "unset"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def rakg(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def usage_error(result: Result) -> str:
    """What a usage error says, out of its frame and in one line."""
    assert result.exit_code == 2, result.output
    return " ".join(result.stderr.replace("│", " ").split())


def in_a_process(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    program = Path(sys.executable).with_name("rakg")
    command, variables = [str(program), *map(str, words)], {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=variables, check=False)


def lines(path: Path, *rows: object) -> Path:
    texts = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path
