"""The commands `rakg neo4j …`: a server of one's own, and the graph written to a server; and
`rakg bench-neo4j`.

Does not belong here: the other commands (`cli.py`) or what they do (`graph/neo4j/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rakg_assets.cli_messages import said_plainly
from rakg_assets.cli_options import Home, current_settings

if TYPE_CHECKING:
    from rakg_assets.graph.neo4j.server import Server, ServerStatus

neo4j_app = typer.Typer(no_args_is_help=True, help="The graph in Neo4j, and a server for it.")

_PORT = {"min": 1024, "max": 65535}
Bolt = Annotated[int, typer.Option(**_PORT, help="Port of Bolt, for programs")]
Http = Annotated[int, typer.Option(**_PORT, help="Port of HTTP, for the browser")]


@neo4j_app.command("start")
@said_plainly
def start(home: Home = None, bolt_port: Bolt = 7687, http_port: Http = 7474) -> None:
    """Start a Neo4j server on loopback, in a container or from jars, and wait until it answers."""
    from rakg_assets.graph.neo4j.password import generate_password
    from rakg_assets.orchestration.resources import SettingsError, neo4j_password

    settings = current_settings(home)
    file = settings.neo4j_folder / "password"
    try:
        password = neo4j_password(file)
    except SettingsError:
        password = generate_password(file)
    status = _server(settings, bolt_port, http_port).start(password)
    _tell(status)
    typer.echo(f"user     neo4j, password in RAKG_NEO4J_PASSWORD, else in {file}")
    typer.echo(f"let runs write to it: export RAKG_NEO4J_URI={status.uri}")


@neo4j_app.command("stop")
@said_plainly
def stop(home: Home = None) -> None:
    """Stop the server; its data stay."""
    typer.echo("stopped" if _server(current_settings(home)).stop() else "no server was running")


@neo4j_app.command("status")
@said_plainly
def status(home: Home = None) -> None:
    """Say what runs where; exits 1 if nothing does."""
    found = _server(current_settings(home)).status()
    _tell(found)
    if not found.running:
        raise typer.Exit(1)


@neo4j_app.command("load")
@said_plainly
def load(
    home: Home = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change")] = False,
) -> None:
    """Make Neo4j hold the graph of the home; only what differs is written, drift is repaired."""
    from rakg_assets.graph.assets import store_of
    from rakg_assets.graph.resources import Neo4jResource
    from rakg_assets.graph.store import StoreError

    settings = current_settings(home)
    uri = settings.neo4j_uri or _server(settings).status().uri
    if not uri:
        raise StoreError("no Neo4j is named; set RAKG_NEO4J_URI, or `rakg neo4j start` one")
    neo4j = Neo4jResource.of(settings, uri)
    if store_of(settings).digest() is None:
        raise StoreError(f"{settings.place.graph}: holds no graph; `rakg run` makes one")
    with neo4j.store() as store:
        graph = store_of(settings).content()
        result = store.plan(graph).result(graph.digest()) if dry_run else store.synchronise(graph)
    typer.echo(
        f"{'would write' if dry_run else 'wrote'} {result.nodes_written} nodes and "
        f"{result.edges_written} relationships, {'would delete' if dry_run else 'deleted'} "
        f"{result.nodes_deleted} and {result.edges_deleted}"
    )


@said_plainly
def bench_neo4j(
    large: Annotated[
        bool, typer.Option("--large", help="Also 100,000 concepts and 1,000,000 relationships")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Times each way loads; the median counts")] = 3,
    home: Home = None,
) -> None:
    """Time writing to Neo4j beside other ways, on servers of its own in temporary folders."""
    from rakg_assets.graph.neo4j.benchmark import LARGE, Sizes, measure
    from rakg_assets.graph.neo4j.benchmark_report import benchmark_report

    settings = current_settings(home)
    sizes = Sizes(large=LARGE if large else None, rounds=rounds)
    jars = _jars(settings) or settings.neo4j_folder / "jars"
    measures = measure(jars, sizes, tell=lambda title: typer.echo(title, err=True))
    typer.echo(benchmark_report(measures))


def _tell(status: ServerStatus) -> None:
    if status.running:
        typer.echo(f"Neo4j runs ({status.kind}, {status.process})")
        typer.echo(f"bolt     {status.uri}")
        typer.echo(f"browser  {status.browser}")
    else:
        typer.echo(f"Neo4j does not run ({status.kind})")
    typer.echo(f"data     {status.data}")


def _server(settings: Any, bolt: int = 7687, http: int = 7474) -> Server:
    from rakg_assets.graph.neo4j.container import choose_server
    from rakg_assets.graph.neo4j.server import Ports

    return choose_server(settings.neo4j_folder, Ports(bolt, http), _jars(settings))


def _jars(settings: Any) -> Path | None:
    return Path(settings.neo4j_jars) if settings.neo4j_jars else None
