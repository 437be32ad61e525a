"""Runs that a killed process left behind: until they are closed, they hold the slot of a pool.

One `rakg run` and one UI with its daemon work on a home at a time; each holds a lock that ends
with its process. Who gets the lock knows that whatever still runs in its name is dead.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import dagster as dg

# Tag of the runs that `rakg run` executes in its own process; the daemon's have none.
LAUNCHER_TAG = {"rakg/launched_by": "rakg"}
_RUNNING = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


class BusyError(RuntimeError):
    """Another process holds the lock."""


def take_lock(path: Path, wait: bool = False) -> int:
    """Take a lock until this process ends; returns the file descriptor that holds it.

    Closing the descriptor gives the lock back; made inheritable, it lasts through `exec`. Raises
    `BusyError` if the lock is taken, unless told to wait.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise BusyError(f"{path} is locked by another process") from None
    return descriptor


def close_leftovers(instance: dg.DagsterInstance, of_launcher: bool) -> list[str]:
    """Mark as failed what still runs in the caller's name, free its slots; returns run ids."""
    closed = []
    for run in instance.get_runs(dg.RunsFilter(statuses=_RUNNING)):
        if (LAUNCHER_TAG.items() <= run.tags.items()) is of_launcher:
            instance.report_run_failed(run, "The process of this run was killed; launch it again.")
            closed.append(run.run_id)
    # A run that was closed elsewhere may hold a slot, too.
    for run_id in instance.event_log_storage.get_concurrency_run_ids():
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return closed
