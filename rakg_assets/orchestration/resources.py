"""The one typed configuration of the platform, as a Dagster resource.

Only this module reads the environment. Does not belong here: defaults of a model
(`extraction/`), words (`dictionaries/`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field, ValidationError, field_validator

from rakg_assets.ontology.dictionaries import shipped_dictionaries
from rakg_assets.orchestration.home import Home
from rakg_assets.orchestration.partitions import FIRST_MONTH, is_month

_PACKAGE = Path(__file__).resolve().parents[1]


class SettingsError(ValueError):
    """A value of the configuration that cannot be; the message names it and the reason."""


class Settings(dg.ConfigurableResource):
    """Where things lie and what decides the result; each field is also an environment variable."""

    home: str = Field(".rakg", description="Folder that holds everything a run writes")
    inbox: str = Field(
        "", description="Folder or fsspec URL of discharge records; empty: the sample inbox"
    )
    annotations: str = Field(
        "", description="File or folder of annotations; empty: the hand-written sample records"
    )
    scores: str = Field("", description="Folder of expert score sheets; empty: <home>/scores")
    dictionaries: str = Field("", description="Folder of dictionaries; empty: those that ship")
    default_month: str = Field("", description="Month of records without any date; empty: refuse")
    max_file_bytes: int = Field(32 * 2**20, description="Larger files are quarantined")
    mapping: str = Field("", description="TOML file with other column names")
    minimum_support: int = Field(6, description="Triples with less support leave the graph")
    encoder: str = Field("", description="BERT-like folder or hub id to train from; empty: none")
    support_by: str = Field("records", description="records or mentions")
    split_seed: int = Field(2023, description="Seed of the train/dev/test split")
    sensor_seconds: int = Field(60, description="How often the sensors look, in seconds")
    alert_webhook: str = Field("", description="URL that failed checks and runs are posted to")
    neo4j_uri: str = Field("", description="Neo4j to keep the graph in as well; empty: none")
    neo4j_user: str = Field("neo4j", description="User of Neo4j; its password is no setting")
    neo4j_database: str = Field("neo4j", description="Database of Neo4j")
    neo4j_jars: str = Field("", description="Jars of a Neo4j of one's own; empty: in the home")

    @field_validator("support_by")
    @classmethod
    def _counts_something(cls, value: str) -> str:
        if value not in ("records", "mentions"):
            raise ValueError("support is counted by records or by mentions")
        return value

    @field_validator("default_month")
    @classmethod
    def _is_month(cls, value: str) -> str:
        if value and not is_month(value):
            raise ValueError("write the month as YYYY-MM")
        return value

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, **overrides: Any
    ) -> Settings:
        """Fields from RAKG_<FIELD> variables; keyword arguments that are not None win.

        Raises `SettingsError` for a value of the wrong kind.
        """
        values = {
            name: environment[f"RAKG_{name.upper()}"]
            for name in cls.model_fields
            if environment.get(f"RAKG_{name.upper()}")
        }
        values |= {k: v for k, v in overrides.items() if v is not None}
        try:
            return cls(**values)
        except ValidationError as error:
            wrong = error.errors()[0]
            name, reason = str(wrong["loc"][0]), wrong["msg"].removeprefix("Value error, ")
            raise SettingsError(f"{name} (RAKG_{name.upper()}): {reason}; correct it") from None

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Keep the caches and temp files of a run inside the home, whoever launched it."""
        self.place.activate()

    @property
    def place(self) -> Home:
        """The home folder."""
        return Home(Path(self.home).expanduser().absolute())

    @property
    def words(self) -> Path:
        """The folder of dictionaries: configured, of the checkout, or of the installed package."""
        return Path(self.dictionaries) if self.dictionaries else shipped_dictionaries()

    @property
    def annotation_source(self) -> Path:
        """What the `annotations` asset reads."""
        return Path(self.annotations) if self.annotations else _PACKAGE / "sample" / "records"

    @property
    def score_sheets(self) -> Path:
        """Where the experts' score sheets lie."""
        return Path(self.scores) if self.scores else self.place.root / "scores"

    @property
    def neo4j_folder(self) -> Path:
        """Where a Neo4j server of one's own keeps its data, jars and generated password."""
        return self.place.root / "neo4j"

    @property
    def released(self) -> Path:
        """Models that ship with the package."""
        return _PACKAGE / "released"

    @property
    def shown_results(self) -> Path:
        """Results of the benchmarks to show: the home's own, else those that ship."""
        own = self.place.benchmarks
        return own if any(own.glob("*.json")) else self.released / "benchmarks"

    @property
    def best_encoder(self) -> str | Path | None:
        """What a training starts from: the configured encoder, the home's own, the shipped one."""
        own, shipped = self.place.models / "encoder", self.released / "encoder"
        found = (folder for folder in (own, shipped) if (folder / "config.json").is_file())
        return self.encoder or next(found, None)

    @property
    def first_month(self) -> str:
        """The first month of the partitions, YYYY-MM."""
        return FIRST_MONTH


def neo4j_password(file: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Neo4j's password: `RAKG_NEO4J_PASSWORD`, else what stands in the generated file.

    It is no field of `Settings`, whose values Dagster shows. Raises `SettingsError` without any.
    """
    if password := environment.get("RAKG_NEO4J_PASSWORD"):
        return password
    if file.is_file():
        return file.read_text("ascii").strip()
    raise SettingsError(
        "Neo4j has no password; set RAKG_NEO4J_PASSWORD, or `rakg neo4j start` one of your own"
    )
