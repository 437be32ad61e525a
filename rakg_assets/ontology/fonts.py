"""The font that Chinese characters are drawn with, for charts and for comparing their shapes.

Does not belong here: drawing (`graph/ranking.py`, `fusion/shapes.py`).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PACKAGE, _FILE = "mplfonts", "NotoSansCJKsc-Regular.otf"


def chinese_font() -> Path:
    """Noto Sans CJK in the package of fonts, found without importing it.

    Raises FileNotFoundError.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "fonts" / _FILE
        if path.is_file():
            return path
    raise FileNotFoundError(f"{_FILE}: the package {_PACKAGE} lacks it; install the package again")
