"""What if an importance or a satisfaction were another? Every metric over the snapshot with that one thing changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from vital_insights.cards import card
from vital_insights.errors import UsageError, nearest
from vital_insights.tenancy import Tenant
from vital_insights.warehouse import comparison, explanation, selection, sqlfile
from vital_insights.warehouse.comparison import Comparison
from vital_insights.warehouse.explanation import Explanation
from vital_insights.warehouse.reader import Reader
from vital_insights.warehouse.reasons import said
from vital_insights.warehouse.supposed import Supposed

if TYPE_CHECKING:
    import polars as pl

INPUTS = ("importance", "satisfaction")
_RAW = {"outcome": "raw.jtbd_outcomes", "job": "raw.jobs_to_be_done"}

Asked = Mapping[str, Mapping[str, int | float | str | Decimal | None]]


@dataclass(frozen=True)
class Change:
    """One input of one outcome that is supposed to be another; None is unknown. `level` is outcome or job."""

    outcome_id: str
    name: str  # its statement; where there is none, its code or its id
    level: str
    input: str
    before: Decimal | None
    after: Decimal | None

    def __str__(self) -> str:
        return f"{self.input} of {self.name}: {' -> '.join(_sides(self))}"


class WhatIf:
    """The metrics of one snapshot as they would be with some inputs changed. Made by `Insights.what_if()`.

    It reads like `Insights` and is none: nothing here was measured, so no report and no export takes it, and every id of
    a snapshot in it ends in "(what if)". Frames as those of `Insights`. `changes` says what is supposed.
    """

    def __init__(self, path: Path, tenant: Tenant, reader: Reader, asked: Asked) -> None:
        self.changes = tuple(_changes(reader, asked))
        self.tenant, self._path, self._laid = tenant, path, _laid(self.changes)
        self.based_on = path.stem
        self.id = f"{path.stem}{comparison.SUPPOSED}"
        self._stored, self._reader = reader, Supposed(path, tenant.id, self._laid)

    @property
    def recomputed(self) -> tuple[str, ...]:
        """The metrics that the changed inputs can reach; all others are those of the snapshot."""
        found = (table.partition(".") for table in self._reader.recomputed)
        return tuple(
            name for schema, _, name in found if schema == "metric" and f"metric.{name}" in self._reader.tables
        )

    @property
    def snapshot(self) -> NoReturn:
        """Raises UsageError: what is only supposed must not pass for a snapshot."""
        raise UsageError(
            "A what-if is no snapshot, so nothing is exported or reported of it.",
            hint=f"its frames are yours: .metric(…), .difference(…), with .footer below them; it rests on {self.based_on}",
        )

    @property
    def footer(self) -> str:
        """One line for below a picture: what is supposed, and of which snapshot."""
        return f"{self.tenant.name} · what if, nothing was measured: {'; '.join(map(str, self.changes))} · on {self.based_on}"

    def metric(
        self, name: str, where: selection.Where = None, columns: Sequence[str] | None = None, limit: int | None = None
    ) -> pl.DataFrame:
        """A metric's rows as they would be; `name`, `where`, `columns`, `limit`, order and errors as of `Insights.metric`."""
        return selection.rows(self._reader, f"metric.{name}", where, columns, limit)

    def table(self, name: str, where: selection.Where = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """A model table's rows as they would be; `name`, `where`, `columns` and errors as of `Insights.table`."""
        return selection.rows(self._reader, f"model.{name}", where, columns, None)

    def explain(self, metric: str, *key: str | None) -> Explanation:
        """How one supposed number comes about; its provenance says so. `metric`, `key` and errors as of `Insights.explain`."""
        return explanation.explain(self._reader, metric, key)

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """The rows that one SELECT gives over all tables as they would be; `query`, `parameters` and errors as of `Insights.sql`."""
        other = Supposed(self._path, self.tenant.id, self._laid)
        try:
            return other.frame(query, parameters)
        finally:
            other.close()

    def compare(self) -> Comparison:
        """What would move, a row an outcome, as `Insights.compare`: from the snapshot as it is to what is supposed."""
        return comparison.compare(self._path, self._path, self.tenant.id, self._laid)

    def difference(self, metric: str) -> pl.DataFrame:
        """The rows of a metric that would differ: what a row is, what people read it by, `…_before` and `…_after`.

        Only columns that differ in some row come in twice. A row that would appear or vanish has NULL on the other side.
        Rows in the order of the metric. Both sides are computed with today's SQL. Raises as `metric` does.
        """
        import polars as pl

        after = self.metric(metric)
        before = selection.rows(self._unchanged, f"metric.{metric}", None, None, None)
        file = sqlfile.metric(metric, self._reader.own_metrics)
        keys, others = list(file.grain), [column for column in after.columns if column not in file.grain]
        if metric == "method":  # one row, and the id of the snapshot is what tells the two apart
            keys, others = [], after.columns
        place = after.with_row_index("_place")
        joined = (
            place.join(before, on=keys, how="full", coalesce=True, nulls_equal=True, suffix="_before")
            if keys
            else place.join(before, how="cross", suffix="_before")
        ).sort("_place", nulls_last=True)
        moved = [c for c in others if joined[c].ne_missing(joined[f"{c}_before"]).any()]
        read_by = [c for c in file.show if c in others and c not in moved]
        sides = (pair for c in moved for pair in (pl.col(f"{c}_before"), pl.col(c).alias(f"{c}_after")))
        differs = (
            pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_before")) for c in moved) if moved else pl.lit(False)
        )
        told = (pl.coalesce(c, f"{c}_before").alias(c) for c in read_by)
        return joined.filter(differs).select(*keys, *told, *sides)

    @cached_property
    def _unchanged(self) -> Reader:
        """The snapshot as it is: what it stores, or, where an older package stored it, the same computed with today's SQL."""
        if self._reader.manifest.get("definitions") == sqlfile.fingerprint():
            return self._stored
        return Supposed(self._path, self.tenant.id, dict.fromkeys(self._laid, "select * from original"))

    def close(self) -> None:
        """Let the file go; frames that were read stay."""
        self._reader.close()
        if "_unchanged" in vars(self) and self._unchanged is not self._stored:
            self._unchanged.close()

    def __enter__(self) -> WhatIf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<WhatIf of {self.tenant.slug} on {self.based_on}: {'; '.join(map(str, self.changes))}>"

    def _repr_html_(self) -> str:
        """What is supposed, of which tenant, and on which snapshot it rests."""
        rows = [(change.name, change.input, *_sides(change)) for change in self.changes]
        columns = ("outcome", "input", "in the snapshot", "supposed")
        return card(
            f"{self.tenant.name}: what if",
            {},
            columns,
            rows,
            f"Nothing here was measured. It rests on {self.based_on}.",
        )


def _sides(change: Change) -> list[str]:
    return ["unknown" if value is None else said(value) for value in (change.before, change.after)]


def _changes(reader: Reader, asked: Asked) -> Iterator[Change]:
    """Each input that is to change, found and checked. Raises UsageError with the nearest names or the range."""
    if not asked:
        raise UsageError(
            "A what-if changes at least one outcome.", hint='insights.what_if({"OUT-1": {"satisfaction": 7}})'
        )
    seen: set[str] = set()
    for name, inputs in asked.items():
        row = _outcome(reader, name)
        if row["outcome_id"] in seen:
            raise UsageError(f"'{name:.80}' is an outcome that is named twice.")
        seen.add(row["outcome_id"])
        if not isinstance(inputs, Mapping) or not inputs:
            raise UsageError(f"Nothing is said to change of '{name:.80}'.", hint='such as {"satisfaction": 7}')
        for input_, value in inputs.items():
            if input_ not in INPUTS:
                raise UsageError(f"An outcome has no input '{input_!s:.80}'.", hint=nearest(str(input_)[:80], INPUTS))
            shown = row["statement"] or row["outcome_code"] or row["outcome_id"]
            yield Change(row["outcome_id"], shown, row["level"], input_, row[input_], _number(input_, value))


_ROWS = "select * from snapshot.metric.opportunity where {} order by outcome_id"
_NAMES = (
    "outcome_id = try_cast(? as uuid)", "job_code || '/' || outcome_code = ?", "outcome_code = ?",
    "level = 'job' and job_code = ?", "statement = ?",
)  # fmt: skip


def _outcome(reader: Reader, name: str) -> dict[str, Any]:
    """The one row that an id names, else a code (alone, or behind its job's), else a statement."""
    if not isinstance(name, str):
        raise UsageError(f"'{name!s:.80}' names no outcome.", hint="use its code, its id or its statement, as text")
    for condition in _NAMES:
        found = reader.frame(_ROWS.format(condition), [name])
        if found.height == 1:
            return found.row(0, named=True)
        if found.height:
            raise UsageError(
                f"{found.height} outcomes are called '{name[:80]}'.", hint=explanation.candidates(found, "outcome_id")
            )
    words = reader.frame(
        "select outcome_code as word from snapshot.metric.opportunity union select statement from snapshot.metric.opportunity"
    )
    known = [word for word in words["word"].drop_nulls() if len(word) < _LONG]
    raise UsageError(f"There is no outcome '{name[:80]}'.", hint=nearest(name[:80], known))


_LONG = 200  # nobody types a statement that is longer, and a hint that holds one is no hint


def _number(input_: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not (number.is_finite() and 0 <= number <= 10):
        raise UsageError(f"{input_} cannot be '{value!s:.80}'.", hint="a number from 0 to 10, or None for unknown")
    if number != round(number, 6):
        raise UsageError(f"{input_} cannot be '{value!s:.80}'.", hint="no more than six decimals are kept")
    return number


def _laid(changes: Sequence[Change]) -> dict[str, str]:
    """By raw table, the SELECT that stands in for it; and the snapshot says of itself that it is supposed."""
    laid = {"raw.snapshot": f"select * replace (snapshot_id || '{comparison.SUPPOSED}' as snapshot_id) from original"}
    for level, table in _RAW.items():
        found: dict[str, dict[str, Change]] = {}
        for change in changes:
            if change.level == level:
                found.setdefault(change.outcome_id, {})[change.input] = change
        if found:
            values = ", ".join(
                f"(uuid '{id_}', {', '.join(map(_literals, map(told.get, INPUTS)))})" for id_, told in found.items()
            )
            columns = ", ".join(f"case when c.sets_{n} then c.{n} else o.{n}_score end as {n}_score" for n in INPUTS)
            names = ", ".join(f"sets_{n}, {n}" for n in INPUTS)
            joined = f"from original as o left join (values {values}) as c (id, {names}) on c.id = o.id"
            laid[table] = f"select o.* replace ({columns}) {joined}"
    return laid


def _literals(change: Change | None) -> str:
    """Whether an input changes, and to what. The numbers were checked: nothing else gets into the statement."""
    number = "null" if change is None or change.after is None else f"{change.after:f}"
    return f"{'true' if change else 'false'}, cast({number} as decimal(18, 6))"
