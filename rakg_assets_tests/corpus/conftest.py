"""Property tests draw the same examples on every run and leave no database behind."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("corpus", derandomize=True, database=None, deadline=None)
settings.load_profile("corpus")
