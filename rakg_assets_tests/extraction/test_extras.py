import re
import subprocess
import sys
from pathlib import Path

import pytest

from rakg_assets.extraction.extras import PACKAGES, MissingPackageError, training_packages

ROOT = Path(__file__).parents[2]
# A Python in which the packages of the extra are not installed.
_WITHOUT = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {sorted(PACKAGES)}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
"""


def without_extra(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _WITHOUT + program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_missing_package_is_named_with_the_line_that_installs_it() -> None:
    installs = r"torch is not .* pip install .*rakg-assets\[train"
    with pytest.raises(MissingPackageError, match=installs), training_packages():
        raise ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn")


def test_other_modules_that_are_missing_are_a_fault() -> None:
    with pytest.raises(ModuleNotFoundError), training_packages():
        raise ModuleNotFoundError("No module named 'pandas'", name="pandas")


@pytest.mark.parametrize(
    "command", [["encoder", "prune", "--layers", "2", "."], ["bench", "--home"]]
)
def test_a_training_command_says_what_to_install(tmp_path: Path, command: list[str]) -> None:
    program = "from rakg_assets.cli import app; app()"
    done = without_extra(program, *command, tmp_path / "out")
    assert done.returncode == 1
    assert re.match(r"rakg: \w+ is not installed", done.stderr)
    assert "make setup" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "place", ["assets._train", "assets._benchmark", "resources._train_starter"]
)
def test_a_training_asset_says_what_to_install(place: str) -> None:
    program = f"""
from rakg_assets.extraction import assets, resources
from rakg_assets.extraction.extras import MissingPackageError

try:
    {place}(*[None] * {place}.__wrapped__.__code__.co_argcount)
except MissingPackageError as error:
    print(error)
"""
    done = without_extra(program)
    assert "torch is not installed" in done.stdout, done.stderr


def test_what_ships_extracts_without_the_extra(tmp_path: Path) -> None:
    texts, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    texts.write_text('{"id": "1", "text": "双手肿痛3年，受凉后加重。"}\n', encoding="utf-8")
    program = f"""
import os
os.environ["RAKG_HOME"] = {str(tmp_path / "home")!r}
from rakg_assets.cli import app; app()
"""
    done = without_extra(program, "extract", texts, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "body_part_symptom" in out.read_text("utf-8")
