"""The Neo4j database as a Dagster resource, for the assets of this stage and for others'.

Does not belong here: what the store does (`neo4j/`), or the settings (`orchestration/`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from rakg_assets.orchestration.resources import Settings, neo4j_password

if TYPE_CHECKING:
    from rakg_assets.graph.neo4j.connection import Neo4jAddress
    from rakg_assets.graph.neo4j.store import Neo4jStore


class Neo4jResource(dg.ConfigurableResource):
    """Where the graph is in Neo4j: `with neo4j.store() as store: store.query(…)`.

    Leave `password` empty to take RAKG_NEO4J_PASSWORD, else the file that `rakg neo4j start`
    made; or give `dg.EnvVar`, so that it is not shown.
    """

    uri: str = Field("", description="Bolt address, like bolt://127.0.0.1:7687; empty: none")
    user: str = Field("neo4j", description="User")
    database: str = Field("neo4j", description="Database")
    password: str = Field("", description="dg.EnvVar of the password; empty: see above")
    password_file: str = Field("", description="File with the generated password")
    manifest: str = Field(
        "", description="Folder that notes what was written last; empty: read all back each time"
    )

    @classmethod
    def of(cls, settings: Settings, uri: str = "") -> Neo4jResource:
        """The database that the configuration names, or the one at `uri`."""
        return cls(
            uri=uri or settings.neo4j_uri,
            user=settings.neo4j_user,
            database=settings.neo4j_database,
            password_file=str(settings.neo4j_folder / "password"),
            manifest=str(settings.place.graph / "neo4j_manifest"),
        )

    @property
    def is_configured(self) -> bool:
        """Whether there is a database at all."""
        return bool(self.uri)

    def address(self) -> Neo4jAddress:
        """Address, user and password. Raises `SettingsError` if there is no password."""
        from rakg_assets.graph.neo4j.connection import Neo4jAddress

        password = self.password or neo4j_password(Path(self.password_file))
        return Neo4jAddress(self.uri, self.user, password, self.database)

    @contextmanager
    def store(self) -> Iterator[Neo4jStore]:
        """The store, closed at the end. Its methods raise `StoreError`."""
        from rakg_assets.graph.neo4j.manifest import Manifest
        from rakg_assets.graph.neo4j.store import Neo4jStore

        manifest = Manifest(Path(self.manifest)) if self.manifest else None
        with Neo4jStore(self.address(), manifest=manifest) as store:
            yield store
