"""The password of a server of one's own: made once, kept where only its owner reads it.

Does not belong here: a password from the environment (`orchestration/resources.py`).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def generate_password(file: Path) -> str:
    """Write a random password to a new file of mode 0600. Raises FileExistsError."""
    password = secrets.token_urlsafe(24)
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(password)
    return password
