"""What became of each check over several builds: new, still failing and since when, fixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vital_insights.quality.verdict import SEVERITIES, Check, Verdict

if TYPE_CHECKING:
    import polars

WRONG = ("failed", "errored")


def history(builds: Sequence[tuple[datetime, Verdict]]) -> polars.DataFrame:
    """One row a check that is wrong in the newest build or was in the one before, the gravest first.

    `builds` runs from the oldest to the newest. Columns: suite, name, severity, change (new | failing | fixed | gone),
    since (the instant of the first build of the present run, in UTC), n_failed, n_failed_before, because. `gone` was
    wrong and is asked no more, or no longer applies: nobody knows whether it is fixed.
    """
    import polars as pl

    rows = [row for name in _names(builds) if (row := _row(builds, name))]
    rows.sort(
        key=lambda row: (SEVERITIES.index(row["severity"]), _ORDER.index(row["change"]), row["suite"], row["name"])
    )
    kinds: dict[str, Any] = {"since": pl.Datetime("us", "UTC"), "n_failed": pl.Int64, "n_failed_before": pl.Int64}
    texts = ("suite", "name", "severity", "change", "since", "n_failed", "n_failed_before", "because")
    return pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in texts}, orient="row")


_ORDER = ("new", "failing", "gone", "fixed")


def _names(builds: Sequence[tuple[datetime, Verdict]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((check.suite, check.name) for _, verdict in reversed(builds) for check in verdict))


def _row(builds: Sequence[tuple[datetime, Verdict]], name: tuple[str, str]) -> dict[str, Any] | None:
    told = [(at, _find(verdict, name)) for at, verdict in builds]
    now, before = told[-1][1], told[-2][1] if len(told) > 1 else None
    was, known = _is_wrong(before), now or before
    if known is None or not (_is_wrong(now) or was):
        return None
    change = ("failing" if was else "new") if _is_wrong(now) else "fixed" if now and now.status == "passed" else "gone"
    since = told[-1][0]
    for at, check in reversed(told):
        if _is_wrong(check) != _is_wrong(now):
            break
        since = at
    return {
        "suite": known.suite, "name": known.name, "severity": known.severity, "change": change, "since": since,
        "n_failed": now.n_failed if now else None, "n_failed_before": before.n_failed if before else None,
        "because": known.because,
    }  # fmt: skip


def _find(verdict: Verdict, name: tuple[str, str]) -> Check | None:
    return next((check for check in verdict if (check.suite, check.name) == name), None)


def _is_wrong(check: Check | None) -> bool:
    return check is not None and check.status in WRONG
