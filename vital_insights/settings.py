"""Settings from VITAL_* variables and vital-insights.toml; a variable wins over the file."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from vital_insights.errors import UsageError, nearest

FILE = "vital-insights.toml"


class Tenancy(BaseModel):
    """`[tenancy]`: which tenant-owned tables may contribute rows without a tenant."""

    model_config = ConfigDict(extra="forbid")
    shared: frozenset[str] = frozenset()


class Settings(BaseSettings):
    """Everything that can be set; `Settings()` reads the environment and the file in the working folder.

    Seconds for every timeout. Raises pydantic's ValidationError; `load()` turns it into a sentence.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="VITAL_",
        env_nested_delimiter="__",
        toml_file=FILE,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    source_url: SecretStr | None = Field(None, description="postgresql://user:password@host:port/database, read only")
    source_schema: str = Field("public", description="the Postgres schema that holds the tables")
    warehouse: Path = Field(Path("warehouse"), description="the folder of the snapshots, one folder a tenant")
    connect_timeout: int = Field(10, ge=1, description="seconds to wait for a connection")
    stall_timeout: float = Field(
        60, ge=0.1, le=86400, description="seconds without a byte while rows flow, and for a lock"
    )
    statement_timeout: float = Field(
        600, ge=0.1, le=86400, description="seconds one statement may take in all, its first row included"
    )
    score_tolerance: Decimal = Field(
        Decimal("0.5"), ge=0, le=10, description="d: how far an expert's score may be off; stored with each snapshot"
    )
    checks: Path | None = Field(None, description="a folder of your own checks: *.json suites and *.sql rules")
    metrics: Path | None = Field(None, description="a folder of your own metrics: a *.sql file each, with its header")
    pages: Path | None = Field(None, description="a folder of your own pages of the dashboard: a *.py file each")
    engine_url: SecretStr | None = Field(
        None, description="an empty Postgres database for --engine postgres; never the source, and nothing stays in it"
    )
    engine_folder: Path | None = Field(
        None,
        description="where other engines find the tables as Parquet while they compute; a temporary folder if unset",
    )
    access_key: SecretStr | None = Field(
        None,
        description="the secret that turns members' addresses into hashes for shared dashboards, 32 characters or more",
    )
    access_key_file: Path | None = Field(
        None, description="a file with that secret, readable by its owner only and outside the warehouse"
    )
    access_max_age: float = Field(
        7, gt=0, le=366, description="days after which a list of members admits nobody until the next refresh"
    )
    trusted_issuers: frozenset[str] = Field(
        frozenset(), description="identity providers whose addresses count as verified although they do not say so"
    )
    mapping: dict[str, str] = Field(
        default_factory=dict, description="contract name = live name, of tables and columns"
    )
    tenancy: Tenancy = Tenancy()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  fixed by pydantic; a .env file is not read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load() -> Settings:
    """The settings of this process. Raises UsageError naming what does not fit and the nearest setting."""
    try:
        return Settings()  # type: ignore[call-arg]  # every field has a default
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{FILE} is not valid TOML: {error}") from None
    except OSError as error:
        raise UsageError(f"{FILE} cannot be read: {error.strerror}.") from None
    except SettingsError:
        raise UsageError(
            "A VITAL_ variable of a setting with parts is not valid JSON.", hint=f"use {FILE} for it"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]  # the input may be a secret
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise UsageError(
                f"Unknown setting '{name}' in {FILE}.", hint=nearest(name, Settings.model_fields)
            ) from None
        raise UsageError(f"The setting '{name}' does not fit: {first['msg'].lower()}.") from None


def shipped(name: str) -> Path:
    """The folder `dashboards` or `expectations`: beside the checkout this package runs from, else the one in the wheel."""
    package = Path(__file__).parent
    beside = package.parent / name
    # site-packages may hold a folder of that name that is somebody else's; only our checkout has our pyproject.
    project = package.parent / "pyproject.toml"
    if beside.is_dir() and project.is_file() and 'name = "vital-insights"' in project.read_text(encoding="utf-8"):
        return beside
    return package / "_shipped" / name
