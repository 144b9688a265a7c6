"""HALLWAY: extract -> load -> model -> metrics -> check -> publish, for one tenant, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import vital_insights
from vital_insights import settings as configuration
from vital_insights.errors import QualityError, WarehouseError
from vital_insights.quality import QualityProcess, Suite, Verdict, load, refuse_doubles, refuse_strangers, rule
from vital_insights.settings import Settings, shipped
from vital_insights.source import connect, copy, drift, privileges, tenants
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

    Raises SourceError (and RowsHidden, SchemaDrift), TenantUnknown, WarehouseError, QualityError; the snapshot that
    served before goes on serving in every such case. `publish_anyway` publishes what critical checks would refuse.
    `checks` lends a running quality process to several refreshes; it stays open.
    """
    settings, progress = settings or configuration.load(), progress or _Quiet()
    suites, rules = checks_of(settings)
    started = time.monotonic()
    with _ready(checks, settings, suites, rules) as process, connect.transaction(settings) as source:
        progress.step("Looking at the source")
        binding = drift.bind(drift.catalog(source), settings)
        privileges.refuse_hidden(binding, source.user)
        found = tenants.find(source, binding, tenant)
        folder = settings.warehouse / found.folder
        with snapshot.exclusive(folder):
            name = snapshot.new_name(folder)
            with writer.writing(folder, name) as file:
                taken_at: datetime = source.rows("select transaction_timestamp() as now")[0]["now"]
                findings = [*privileges.excess(source, binding), *binding.findings]
                findings += _extract(source, binding, found, file, progress)
                file.record("raw.findings", [(f.kind, f.table, f.column, f.n, f.detail) for f in findings])
                identity = (name, found.id, found.slug, found.name, taken_at)
                file.record("raw.snapshot", [(*identity, settings.score_tolerance, vital_insights.__version__)])
                made = _manifest(found, taken_at, source.server_version, settings)
                source.end()  # nothing more is read: let the source go before the long work begins
                progress.step("Computing the metrics")
                file.build(rules)
                progress.step("Checking")
                verdict = process.check(suites, file.frame, _absent(binding), file.sizes(rules))
                file.keep("quality.verdict", verdict.frame())
                published = verdict.publishable or (publish_anyway and not verdict.errored)
                rows = file.rows()
                loaded = sum(n for table, n in rows.items() if table.removeprefix("raw.") in TABLES)
                file.seal(
                    {
                        **made,
                        "rows": rows,
                        "loaded": loaded,
                        "rejected": rows["raw.rejects"],
                        "band_scheme": file.frame("model.band_scheme", ["band_scheme"]).item(),
                        "findings": [
                            {"kind": f.kind, "table": f.table, "column": f.column, "n": f.n} for f in findings
                        ],
                        "verdict": verdict.summary(),
                        "published_anyway": published and not verdict.publishable,
                    }
                )
            path = snapshot.publish(file.path, folder, name, refused=not published)
            with suppress(
                WarehouseError
            ):  # the new snapshot serves; what could not be removed is tried again next time
                snapshot.prune(folder)
    return Refreshed(found, path.stem, path, published, verdict, loaded, time.monotonic() - started, tuple(findings))


def checks_of(settings: Settings) -> tuple[list[Suite], list[sqlfile.SqlFile]]:
    """All suites, a rule being a suite of its own, and the SQL of the rules: ours and those of the folder `checks`.

    Raises QualityError or VitalError naming the file for one that is broken or bears a name that is taken.
    """
    own = [settings.checks] if settings.checks else []
    suites, rules = load(shipped("expectations"), *own), sqlfile.files("audit", *own)
    if settings.checks and not [*settings.checks.glob("*.json"), *settings.checks.glob("*.sql")]:
        raise QualityError(f"There is no *.json suite and no *.sql rule in {settings.checks}.")
    suites += [
        rule(f.path, f.table, f.grain, severity=f.severity, because=f.because, of=f.of, needs=f.needs) for f in rules
    ]
    refuse_doubles(suites)
    return suites, rules


@contextmanager
def _ready(
    lent: QualityProcess | None, settings: Settings, suites: list[Suite], rules: list[sqlfile.SqlFile]
) -> Iterator[QualityProcess]:
    """The quality process. Great Expectations takes seconds to import; it does so while the rows travel.

    Ours are proven by the tests; where an analyst's checks are among them, nothing begins before all are known to work.
    """
    with nullcontext(lent) if lent else QualityProcess() as process:
        if settings.checks:
            refuse_strangers(suites, writer.rehearse(map(copy.absent, TABLES), rules))
            process.refuse_nonsense(suites)
        yield process


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
