from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from rakg_assets.orchestration.leftovers import (
    LAUNCHER_TAG,
    BusyError,
    close_leftovers,
    take_lock,
)

_KILLED = """
import os, sys
from rakg_assets.orchestration.leftovers import take_lock
take_lock(__import__("pathlib").Path(sys.argv[1]))
os.kill(os.getpid(), 9)
"""


def test_a_lock_is_taken_once_and_given_back(tmp_path: Path) -> None:
    held = take_lock(tmp_path / "new" / "lock")
    with pytest.raises(BusyError):
        take_lock(tmp_path / "new" / "lock")
    os.close(held)
    os.close(take_lock(tmp_path / "new" / "lock"))


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", _KILLED, str(tmp_path / "lock")])
    os.close(take_lock(tmp_path / "lock"))


def test_only_the_callers_runs_are_closed_and_their_slots_given_back() -> None:
    with dg.instance_for_test() as instance:
        storage = instance.event_log_storage
        storage.set_concurrency_slots("all_months", 2)
        mine, other = (
            instance.create_run_for_job(
                dg.GraphDefinition("job").to_job(), status=dg.DagsterRunStatus.STARTED, tags=tags
            )
            for tags in (LAUNCHER_TAG, {})
        )
        for run in (mine, other):
            storage.claim_concurrency_slot("all_months", run.run_id, "filtered_triples")

        assert close_leftovers(instance, of_launcher=True) == [mine.run_id]
        assert instance.get_run_by_id(mine.run_id).status is dg.DagsterRunStatus.FAILURE
        assert storage.get_concurrency_run_ids() == {other.run_id}
        assert close_leftovers(instance, of_launcher=False) == [other.run_id]
        assert storage.get_concurrency_run_ids() == set()
