"""HALLWAY: extract -> load -> model -> metrics -> check -> publish, for one tenant, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import vital_insights
from vital_insights import access, checking
from vital_insights import settings as configuration
from vital_insights.errors import WarehouseError
from vital_insights.quality import QualityProcess, Suite, Verdict
from vital_insights.settings import Settings
from vital_insights.source import connect, copy, drift, members, privileges, tenants
from vital_insights.source.contract import TABLES, VERSION
from vital_insights.tenancy import Tenant
from vital_insights.warehouse import snapshot, sqlfile, writer


class Progress(Protocol):
    """What a refresh tells while it works; every call is quick and may be ignored."""

    def step(self, text: str) -> None:
        """A new part of the work begins."""

    def table(self, name: str, rows: int) -> None:
        """A table of so many rows begins."""

    def rows(self, done: int) -> None:
        """So many rows of that table have arrived."""


class _Quiet:
    def step(self, text: str) -> None: ...
    def table(self, name: str, rows: int) -> None: ...
    def rows(self, done: int) -> None: ...


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did. `published` is False where a critical check, or one that could not run, kept the old snapshot."""

    tenant: Tenant
    snapshot: str
    path: Path
    published: bool
    verdict: Verdict
    rows: int
    seconds: float
    findings: tuple[drift.Finding, ...] = field(repr=False)


def refresh(
    tenant: str, *, settings: Settings | None = None, progress: Progress | None = None, publish_anyway: bool = False,
    checks: QualityProcess | None = None,
) -> Refreshed:  # fmt: skip
    """Pull one tenant, by slug or UUID, into a new snapshot and say what came of it.

    `progress` is told of every table and of its rows as they arrive.
    Raises SourceError (and RowsHidden, SchemaDrift), TenantUnknown, WarehouseError, QualityError; the snapshot that
    served before goes on serving in every such case. `publish_anyway` publishes what critical checks would refuse.
    `checks` lends a running quality process to several refreshes; it stays open.
    """
    settings = settings or configuration.load()
    started = time.monotonic()
    with _begun(tenant, settings, progress or _Quiet(), checks) as run:
        folder = settings.warehouse / run.tenant.folder
        with snapshot.exclusive(folder):
            name = snapshot.new_name(folder)
            with writer.writing(folder, name) as file:
                built = run.build(file, name, folder)
                verdict = built.verdict
                file.keep("quality.verdict", verdict.frame())
                published = verdict.publishable or (publish_anyway and not verdict.errored)
                rows = file.rows()
                loaded = sum(n for table, n in rows.items() if table.removeprefix("raw.") in TABLES)
                file.seal(
                    {
                        **built.manifest,
                        "rows": rows,
                        "loaded": loaded,
                        "rejected": rows["raw.rejects"],
                        "band_scheme": file.frame("model.band_scheme", ["band_scheme"]).item(),
                        "published_anyway": published and not verdict.publishable,
                    }
                )
            path = snapshot.publish(file.path, folder, name, refused=not published)
            with suppress(
                WarehouseError
            ):  # the new snapshot serves; what could not be removed is tried again next time
                snapshot.prune(folder)
    seconds = time.monotonic() - started
    return Refreshed(run.tenant, path.stem, path, published, verdict, loaded, seconds, built.findings)


def check_live(
    tenant: str, *, settings: Settings | None = None, progress: Progress | None = None
) -> tuple[Tenant, Verdict]:
    """Who the tenant is, and what the checks say of the source as it is now. Nothing is published and no file is written.

    Everything is built in memory, so the machine needs room for the tenant. `progress` and errors
    are those of `refresh`: raises as it does.
    """
    settings = settings or configuration.load()
    with _begun(tenant, settings, progress or _Quiet(), None) as run, writer.in_memory() as file:
        return run.tenant, run.build(file, "live").verdict


@dataclass(frozen=True)
class _Built:
    """What a finished build is: what its manifest says before the rows are counted, its verdict and its findings."""

    manifest: dict[str, Any]
    verdict: Verdict
    findings: tuple[drift.Finding, ...]


@dataclass(frozen=True)
class _Run:
    """A tenant found in an open source, and all that a build of it needs."""

    tenant: Tenant
    source: connect.Source
    binding: drift.Binding
    process: QualityProcess
    suites: list[Suite]
    rules: list[sqlfile.SqlFile]
    metrics: list[sqlfile.SqlFile]
    settings: Settings
    progress: Progress
    began: datetime
    key: bytes | None = field(repr=False)

    def build(self, file: writer.Writer, name: str, folder: Path | None = None) -> _Built:
        """Extract, load, compute and check into this file; the source is let go before the long work begins.

        Who the members are is written to `folder`, if there is one, before anything can be refused.
        """
        source, tenant, settings = self.source, self.tenant, self.settings
        taken_at: datetime = source.rows("select transaction_timestamp() as now")[0]["now"]
        findings = [*privileges.excess(source, self.binding), *self.binding.findings]
        findings += _extract(source, self.binding, tenant, file, self.progress)
        if folder is not None:
            access.write(folder, tenant, members.of(source, self.binding, tenant, self.key), self.key, self.began)
        file.record("raw.findings", [(f.kind, f.table, f.column, f.n, f.detail) for f in findings])
        identity = (name, tenant.id, tenant.slug, tenant.name, taken_at)
        file.record("raw.snapshot", [(*identity, settings.score_tolerance, vital_insights.__version__)])
        manifest = _manifest(tenant, taken_at, source.server_version, settings)
        manifest["metrics"] = {each.name: each.sql for each in self.metrics}
        source.end()
        self.progress.step("Computing the metrics")
        file.build([*self.metrics, *self.rules])
        self.progress.step("Checking")
        absent = _absent(self.binding)
        verdict = self.process.check(self.suites, file.frame, absent, file.sizes(self.rules))
        told = [{"kind": f.kind, "table": f.table, "column": f.column, "n": f.n} for f in findings]
        lacking = [(table, column, reason) for (table, column), reason in absent.items()]
        more = {"findings": told, "absent": lacking, "verdict": verdict.summary()}
        return _Built({**manifest, **more}, verdict, tuple(findings))


@contextmanager
def _begun(tenant: str, settings: Settings, progress: Progress, checks: QualityProcess | None) -> Iterator[_Run]:
    key, began = access.key_of(settings), datetime.now(UTC)
    (suites, rules), metrics = checking.checks_of(settings), sqlfile.own_metrics(settings.metrics)
    with checking.ready(checks, settings, suites, rules) as process, connect.transaction(settings) as source:
        progress.step("Looking at the source")
        binding = drift.bind(drift.catalog(source), settings)
        privileges.refuse_hidden(binding, source.user)
        found = tenants.find(source, binding, tenant)
        yield _Run(found, source, binding, process, suites, rules, metrics, settings, progress, began, key)


def _manifest(tenant: Tenant, taken_at: datetime, server: str, settings: Settings) -> dict[str, Any]:
    return {
        "tenant": {"id": str(tenant.id), "slug": tenant.slug, "name": tenant.name, "status": tenant.status},
        "taken_at": taken_at.isoformat(),
        "package_version": vital_insights.__version__,
        "contract_version": VERSION,
        "server_version": server,
        "definitions": sqlfile.fingerprint(),
        "score_tolerance": str(settings.score_tolerance),
        "shared_tables": sorted(settings.tenancy.shared),
    }


def _extract(
    source: connect.Source, binding: drift.Binding, tenant: Tenant, file: writer.Writer, progress: Progress
) -> list[drift.Finding]:
    """Load every contract table; the absent ones become empty and typed, so that every metric still has its inputs."""
    findings: list[drift.Finding] = []
    progress.step("Reading the tables")
    for name in TABLES:
        bound = binding.tables.get(name)
        if bound is None or bound.scope is None:
            file.load(copy.absent(name), tenant.id)
            continue
        progress.step(f"Counting {name}")  # of a large table this takes its time, before the first row comes
        stream = copy.extract(source, name, binding.tables, tenant.id)
        progress.table(name, stream.rows)
        file.load(stream, tenant.id, null_tenant=bound.null_is_shared, on_rows=progress.rows)
        findings += stream.findings
    return findings


def _absent(binding: drift.Binding) -> Mapping[tuple[str, str | None], str]:
    """What the source lacks, by table and column: a check on it does not apply, and fails nothing."""
    absent: dict[tuple[str, str | None], str] = {}
    for name, declared in TABLES.items():
        bound = binding.tables.get(name)
        if bound is None or bound.scope is None:
            absent[f"raw.{name}", None] = (
                "the source has no such table" if bound is None else "nothing says whose its rows are"
            )
            continue
        for column in declared.columns:
            if column.name not in bound.columns and not declared.info["tally"]:
                absent[f"raw.{name}", column.name] = "the source has no such column"
    return absent
