"""`rakg ui` as a user has it: the daemon's sensors take a record from the inbox to the graph."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from rakg_assets.orchestration.partitions import months_of
from rakg_assets_tests.end_to_end.inboxes import CANARY, PLANTED, Stay, write_inbox
from rakg_assets_tests.orchestration.webhook import Webhook

_RAKG = Path(sys.executable).with_name("rakg")
_PATIENCE = 280  # seconds; an idle machine needs a tenth
_START = """mutation($sensor: SensorSelector!) {
  startSensor(sensorSelector: $sensor) { __typename ... on PythonError { message } } }"""
_RUNS = "{ runsOrError { ... on Runs { results { jobName status tags { key value } } } } }"


class Daemon:
    """UI and daemon of one home in a process group of their own."""

    def __init__(self, home: Path, inbox: Path, webhook: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        settings = {"HOME": home, "INBOX": inbox, "ALERT_WEBHOOK": webhook, "SENSOR_SECONDS": 5}
        self._environment = os.environ | {f"RAKG_{k}": str(v) for k, v in settings.items()}
        self._log = home.parent / "daemon.log"

    def __enter__(self) -> Daemon:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [_RAKG, "ui", "--port", str(self._port)],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(self._answers, "the UI")
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with suppress(ProcessLookupError):  # whatever is left of its children
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answers(self) -> bool:
        assert self._process.poll() is None, self._log.read_text("utf-8")[-2000:]
        try:
            return bool(self.ask("{ version }"))
        except OSError:
            return False

    def ask(self, query: str, **variables: Any) -> Mapping[str, Any]:
        """The answer to a GraphQL query."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def switch_on(self, sensor: str) -> None:
        """What the switch beside a sensor's name does."""
        place = {
            "repositoryLocationName": "rakg_assets.definitions",
            "repositoryName": "__repository__",
            "sensorName": sensor,
        }
        assert self.ask(_START, sensor=place)["startSensor"]["__typename"] == "Sensor"

    def runs(self, job: str) -> list[tuple[str, str]]:
        """Months and status of each run of a job, the oldest first."""
        found = []
        for run in reversed(self.ask(_RUNS)["runsOrError"]["results"]):
            tags = {tag["key"]: tag["value"] for tag in run["tags"]}
            if run["jobName"] == job:
                found.append((months_of(tags), run["status"]))
        return found


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something."""
    end = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"{what} did not come in {_PATIENCE} s"
        time.sleep(1)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as hook:
        yield hook


@pytest.mark.slow
def test_a_new_record_goes_to_the_graph_and_alerts_to_the_webhook(
    home: Path, tmp_path: Path, webhook: Webhook
) -> None:
    inbox = write_inbox(tmp_path / "inbox", [Stay("A1", "2018-04")])
    april, may = ("2018-04", "SUCCESS"), ("2018-05", "SUCCESS")
    with Daemon(home, inbox, webhook.url) as daemon:
        daemon.switch_on("inbox_sensor")
        daemon.switch_on("alert_sensor")
        until(lambda: daemon.runs("pipeline") == [april], "the run of April")
        write_inbox(inbox, [Stay("B1", "2018-05")])
        until(lambda: daemon.runs("pipeline") == [april, may], "the run of May")
        assert daemon.runs("ingest") == [("", "SUCCESS"), ("", "SUCCESS")]
        until(lambda: {"2018-04", "2018-05"} <= {a["months"] for a in webhook.taken}, "alerts")

    assert (home / "tables/triples/2018-05/part.parquet").is_file()
    assert (home / "reports/graph.html").is_file()
    texts = [alert["text"] for alert in webhook.taken]
    assert len(texts) == len(set(texts))
    # Tiny models find next to nothing: the volume promises warn, and nothing else is told.
    assert {alert["severity"] for alert in webhook.taken} == {"WARN"}
    assert not [word for word in (*PLANTED, CANARY) if word in " ".join(texts)]
