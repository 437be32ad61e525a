"""The sample inbox of a home: what the platform reads while no inbox is configured.

Generated records for scale and the hand-written annotated ones, as inbox files. Model quality is
never measured on generated text.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rakg_assets.ontology.files import beside

RECORDS = Path(__file__).parent / "records"


def write_sample_inbox(folder: Path) -> Path:
    """The sample inbox as `folder`, which is returned; written once, whole or not at all."""
    from rakg_assets.sample.generator import generate, write_annotated

    if not folder.exists():
        unfinished = beside(folder)
        unfinished.mkdir()
        generate(unfinished / "generated")
        write_annotated(RECORDS, unfinished / "annotated")
        try:
            os.replace(unfinished, folder)
        except OSError:  # another run was faster
            shutil.rmtree(unfinished)
    return folder
