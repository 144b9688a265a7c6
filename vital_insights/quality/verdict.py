"""What the checks found, as plain values that a snapshot can store and a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from vital_insights.cards import card
from vital_insights.errors import QualityError, UsageError, nearest

if TYPE_CHECKING:
    import polars

Severity = Literal["critical", "warning", "info"]
Status = Literal["passed", "failed", "errored", "not_applicable"]

SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")  # the gravest first
STATUSES: tuple[Status, ...] = ("failed", "errored", "passed", "not_applicable")
EXAMPLES = 20


@dataclass(frozen=True)
class Check:
    """One expectation and how it went. Nothing here is a value of a row, except the keys in `examples`.

    `share` is `n_failed / n_total` over all rows of the table, None where rows were not what was counted.
    `reason` says why a check is errored or not applicable.
    """

    suite: str
    table: str
    name: str
    expectation: str
    column: str | None
    severity: Severity
    status: Status
    because: str
    observed: str | None = None
    n_failed: int | None = None
    n_total: int | None = None
    share: float | None = None
    examples: tuple[str, ...] = ()
    seconds: float | None = None
    reason: str | None = None

    @property
    def gravity(self) -> tuple[int, float]:
        """What sorts the gravest first: by severity, then a table as a whole, then the larger share of rows."""
        return SEVERITIES.index(self.severity), -1.0 if self.share is None else -self.share


@dataclass(frozen=True, repr=False)
class Verdict:
    """All checks of one build, in the order of their suites. Iterating gives the checks."""

    checks: tuple[Check, ...]

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    @property
    def by_status(self) -> dict[Status, int]:
        """How many checks have each status; every status is there, also with 0."""
        found = Counter(check.status for check in self.checks)
        return {status: found[status] for status in STATUSES}

    @property
    def failed_by_severity(self) -> dict[Severity, int]:
        """How many checks failed at each severity; every severity is there, also with 0."""
        found = Counter(check.severity for check in self.checks if check.status == "failed")
        return {severity: found[severity] for severity in SEVERITIES}

    def failed(self, at_least: Severity = "critical") -> tuple[Check, ...]:
        """The checks that failed at this severity or a graver one, the gravest first (`Check.gravity`).

        `at_least` is critical, warning or info. Raises UsageError for another word.
        """
        if at_least not in SEVERITIES:
            raise UsageError(f"There is no severity '{at_least}'.", hint=nearest(at_least, SEVERITIES))
        counted = SEVERITIES[: SEVERITIES.index(at_least) + 1]
        found = [check for check in self.checks if check.status == "failed" and check.severity in counted]
        return tuple(sorted(found, key=lambda check: check.gravity))

    @property
    def errored(self) -> tuple[Check, ...]:
        """The checks that gave no answer. They are never counted as passed."""
        return tuple(check for check in self.checks if check.status == "errored")

    @property
    def publishable(self) -> bool:
        """Whether a snapshot with this verdict may serve: no critical failure, and every check answered."""
        return not self.failed("critical") and not self.errored

    def summary(self) -> str:
        """One sentence for people."""
        if not self.checks:
            return "Nothing was checked."
        status, severity = self.by_status, self.failed_by_severity
        parts = [f"{status['passed']:,} of {len(self):,} checks passed"]
        if status["failed"]:
            grave = [f"{n:,} {word}" for word, n in severity.items() if n]
            parts.append(f"{status['failed']:,} failed ({', '.join(grave)})")
        if status["errored"]:
            parts.append(f"{status['errored']:,} could not run")
        if status["not_applicable"]:
            parts.append(f"{status['not_applicable']:,} did not apply")
        return "; ".join(parts) + "."

    def __repr__(self) -> str:
        return f"<Verdict: {self.summary()}>"

    def _repr_html_(self) -> str:
        """The summary, and what is wrong, the gravest first."""
        wrong = [check for check in self.checks if check.status in {"failed", "errored"}]
        wrong.sort(key=lambda check: check.gravity)
        rows = [
            (check.severity, check.status, check.name, (check.observed or check.reason or ""), check.because)
            for check in wrong[:EXAMPLES]
        ]
        more = f"and {len(wrong) - EXAMPLES:,} more: .frame() has them all" if len(wrong) > EXAMPLES else ""
        return card(self.summary(), {}, ("how grave", "", "check", "found", "because"), rows, more)

    def frame(self) -> polars.DataFrame:
        """One row a check, a column a field of `Check`, in the order of the checks; typed also when empty."""
        import polars as pl

        rows = [{**vars(check), "examples": list(check.examples)} for check in self.checks]
        return pl.DataFrame(rows, schema=_schema(), orient="row")

    @classmethod
    def from_frame(cls, frame: polars.DataFrame) -> Verdict:
        """The verdict that `frame()` gave, whatever the order of the columns. QualityError if one is missing."""
        names = [field.name for field in fields(Check)]
        missing = [name for name in names if name not in frame.columns]
        if missing:
            raise QualityError(f"The stored verdict lacks {', '.join(missing)}.", hint="refresh the tenant again")
        rows = frame.select(names).to_dicts()
        return cls(tuple(Check(**{**row, "examples": tuple(row["examples"])}) for row in rows))


def _schema() -> dict[str, Any]:
    import polars as pl

    kinds = {"n_failed": pl.Int64, "n_total": pl.Int64, "share": pl.Float64, "seconds": pl.Float64}
    text = {field.name: pl.String for field in fields(Check)}
    return {**text, **kinds, "examples": pl.List(pl.String)}
