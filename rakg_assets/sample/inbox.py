"""The sample inbox of a home: what the platform reads while no inbox is configured.

Generated records for scale and the hand-written annotated ones, as inbox files. Model quality is
never measured on generated text.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

RECORDS = Path(__file__).parent / "records"


def write_sample_inbox(home: Path) -> Path:
    """The sample inbox below a home, `sample/inbox`; written once, whole or not at all."""
    from rakg_assets.sample.generator import generate, write_annotated

    folder = home / "sample" / "inbox"
    if not folder.exists():
        unfinished = folder.with_name(f"inbox.{os.getpid()}.tmp")
        unfinished.mkdir(parents=True)
        generate(unfinished / "generated")
        write_annotated(RECORDS, unfinished / "annotated")
        try:
            os.replace(unfinished, folder)
        except OSError:  # another run was faster
            shutil.rmtree(unfinished)
    return folder
