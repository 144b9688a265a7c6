"""HALLWAY: which checks there are, the process that runs them, and a snapshot checked again with those of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from vital_insights import settings as configuration
from vital_insights.errors import QualityError
from vital_insights.insights import Insights, newest_build, open_tenant
from vital_insights.quality import QualityProcess, Suite, Verdict, load, refuse_doubles, refuse_strangers, rule
from vital_insights.settings import Settings, shipped
from vital_insights.warehouse import sqlfile, writer
from vital_insights.warehouse.audited import Audited


def check(
    name: str, *, settings: Settings | None = None, snapshot_id: str | None = None, rerun: bool = False
) -> Verdict:
    """What the checks said of a tenant's newest build, published or refused, or of the build that `snapshot_id` names.

    `rerun` asks the checks of today again instead of reading what was stored. Raises as `open_tenant` does.
    """
    settings = settings or configuration.load()
    with open_tenant(name, settings=settings, snapshot_id=snapshot_id or newest_build(name, settings)) as opened:
        return again(opened, settings) if rerun else opened.verdict()


def again(opened: Insights, settings: Settings | None = None) -> Verdict:
    """The verdict of today's suites and rules on a snapshot, which stays as it is. It takes seconds.

    What an older snapshot does not hold is not applicable, with that reason. Raises QualityError or VitalError for a
    check of the settings that is broken.
    """
    settings = settings or configuration.load()
    suites, rules = checks_of(settings)
    with ready(None, settings, suites, rules) as process:
        audited = Audited(opened.snapshot.path, opened.tenant.id, rules)
        try:
            absent = {
                **_not_held(suites, audited.tables),
                **{(table, column): reason for table, column, reason in opened.snapshot.manifest.get("absent", ())},
                **{(table, None): _OLDER.format("what it reads") for table in audited.unbound},
            }
            return process.check(suites, audited.columns, absent, audited.sizes(rules))
        finally:
            audited.close()


_OLDER = "this snapshot is of an older version, which did not hold {}"


def _not_held(suites: list[Suite], tables: dict[str, dict[str, str]]) -> dict[tuple[str, str | None], str]:
    """What the suites ask of tables that the snapshot lacks; the tables of the rules are made anew and are never lacking."""
    lacking: dict[tuple[str, str | None], str] = {}
    for suite in suites:
        if suite.table.startswith("audit."):
            continue
        if suite.table not in tables:
            lacking[suite.table, None] = _OLDER.format("this table")
            continue
        for column in suite.columns:
            if column not in tables[suite.table]:
                lacking[suite.table, column] = _OLDER.format("this column")
    return lacking


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
def ready(
    lent: QualityProcess | None, settings: Settings, suites: list[Suite], rules: list[sqlfile.SqlFile]
) -> Iterator[QualityProcess]:
    """The quality process. Great Expectations takes seconds to import; it does so while the rows travel.

    Ours are proven by the tests; where an analyst's checks or metrics are among them, nothing begins before all are known to work.
    """
    with nullcontext(lent) if lent else QualityProcess() as process:
        if settings.checks or settings.metrics:
            from vital_insights.source import copy
            from vital_insights.source.contract import TABLES

            refuse_strangers(
                suites, writer.rehearse(map(copy.absent, TABLES), rules, sqlfile.own_metrics(settings.metrics))
            )
        if settings.checks:
            process.refuse_nonsense(suites)
        yield process
