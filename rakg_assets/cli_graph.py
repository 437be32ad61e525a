"""The commands `rakg graph …`: ask the graph by name, load an export; thin, late imports.

Does not belong here: the questions (`graph/named_reads.py`) or how answers are laid out
(`graph/answer_tables.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rakg_assets.cli_messages import one_of, said_plainly
from rakg_assets.cli_options import Home, settings_of

if TYPE_CHECKING:
    from rakg_assets.graph.store import GraphStore
    from rakg_assets.orchestration.resources import Settings

graph_app = typer.Typer(no_args_is_help=True, help="Ask the graph, or load one.")


def _named_read(value: str) -> str:
    from rakg_assets.graph.named_reads import READS

    return one_of(value, READS)


def _format(value: str) -> str:
    from rakg_assets.graph.answer_tables import FORMATS

    return one_of(value, FORMATS)


@graph_app.command("reads")
@said_plainly
def graph_reads(
    cypher: Annotated[
        bool, typer.Option("--cypher", help="With the Cypher of each, as Markdown")
    ] = False,
) -> None:
    """List the questions that `rakg graph query` answers."""
    from rakg_assets.graph.named_reads import as_list, as_markdown

    typer.echo(as_markdown() if cypher else as_list())


@graph_app.command("query")
@said_plainly
def graph_query(
    name: Annotated[str, typer.Argument(callback=_named_read, help="See `rakg graph reads`")],
    concept: Annotated[
        str | None, typer.Option(help="Id or Chinese name of the concept asked about")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Most answers")] = None,
    depth: Annotated[int | None, typer.Option(min=1, max=3, help="Steps of subgraph")] = None,
    format: Annotated[str, typer.Option(callback=_format, help="table, json or csv")] = "table",
    home: Home = None,
) -> None:
    """Answer a question from Neo4j if one is configured, else from the graph's file."""
    from rakg_assets.graph.answer_tables import FORMATS
    from rakg_assets.graph.named_reads import READS
    from rakg_assets.graph.questions import ReadError

    read = READS[name]
    given = {"concept": concept, "limit": limit, "depth": depth}
    try:
        values = read.values({key: value for key, value in given.items() if value is not None})
    except ReadError as error:
        raise typer.BadParameter(str(error)) from None
    with _stores(settings_of(home)) as stores:
        store = list(stores.values())[-1]
        rows = read.rows(store, **values)
        reason = "" if rows else read.reason_of_none(store, values["concept"])
    if reason:
        typer.echo(reason, err=True)
    typer.echo(FORMATS[format](rows))


@graph_app.command("load")
@said_plainly
def graph_load(
    folder: Annotated[
        Path | None, typer.Argument(file_okay=False, help="Else the exports of the home")
    ] = None,
    from_export: Annotated[
        bool, typer.Option("--from-export", help="From the files that graph_export has written")
    ] = False,
    home: Home = None,
) -> None:
    """Make the graph's file, and Neo4j if configured, hold exactly the graph of an export."""
    from rakg_assets.graph.export import read_export

    if not from_export:
        raise typer.BadParameter("say where the graph comes from", param_hint="--from-export")
    settings = settings_of(home)
    graph = read_export(folder or settings.place.exports)
    typer.echo(f"nodes: {len(graph.nodes)}, relationships: {len(graph.edges)}")
    with _stores(settings) as stores:
        for place, store in stores.items():
            result = store.synchronise(graph)
            typer.echo(
                f"{place}: wrote {result.nodes_written} nodes and {result.edges_written} "
                f"relationships, deleted {result.nodes_deleted} and {result.edges_deleted}"
            )


@contextmanager
def _stores(settings: Settings) -> Iterator[dict[str, GraphStore]]:
    """The stores that the configuration names, by their place; a shared one is the last."""
    from rakg_assets.graph.assets import store_of
    from rakg_assets.graph.resources import Neo4jResource

    file, neo4j = store_of(settings), Neo4jResource.of(settings)
    if not neo4j.is_configured:
        yield {str(file.path): file}
        return
    with neo4j.store() as shared:
        yield {str(file.path): file, neo4j.uri: shared}
