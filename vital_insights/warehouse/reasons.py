"""Why a row of a metric says what it says: the method's own formula and thresholds with the row's numbers in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from vital_insights.warehouse import examined, sqlfile
from vital_insights.warehouse.reader import Reader

# What the sentences read: of a table, these columns. A snapshot of an older package may not hold all of it.
_READS: dict[str, dict[str, tuple[str, ...]]] = {
    "opportunity": {
        "metric.opportunity": (
            "outcome_id", "level", "job_id", "importance", "satisfaction", "score", "band", "region", "rank", "score_low",
            "score_high", "band_low", "band_high", "band_firm", "rank_best", "rank_worst", "satisfaction_to_leave_high",
        ),
        "raw.rejects": (), "raw.jtbd_outcomes": (), "raw.jobs_to_be_done": (),
    },
    "opportunity_by": {
        "metric.opportunity_by": (
            "n_outcomes", "n_scored", "n_high", "n_medium", "n_low", "n_unscored", "n_underserved", "share_underserved", "mean_score",
            "max_score",
        ),
        "metric.opportunity": ("job_id", "outcome_type"), "model.jobs": (), "model.membership": (),
    },
    "coverage_by": {
        "metric.coverage_by": (
            "n_jobs", "n_live_jobs", "n_with_role", "n_with_primary", "n_personas", "n_personas_with_job", "share_of_live_jobs",
            "share_with_role", "share_with_primary", "share_personas_with_job",
        ),
        "model.jobs": (), "model.membership": (),
    },
    "validation_activity": {"metric.validation_activity": examined.READS},
}  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Why:
    """Sentences, the source rows behind, and the command that lists what was counted."""

    sentences: list[str] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    rows_behind: str | None = None


def of(reader: Reader, metric: str, row: Row) -> Why:
    """What can be said of a row beyond its columns; nothing for a metric that speaks for itself."""
    lacking = _lacking(reader, metric)
    if lacking:
        return Why(
            [f"made by an older version: without {', '.join(lacking)} there is no more to say than what it stored"]
        )
    if metric == "opportunity":
        sources = list(_sources(reader, row))
        return Why([*_score(reader, row), *_how_sure(reader, row), examined.of_job(reader, row["job_id"])], sources)
    if metric == "opportunity_by":
        return Why(list(_counts(row)), rows_behind=_outcomes_behind(reader, row))
    if metric == "coverage_by":
        return Why(list(_shares(row)), rows_behind=_coverage_behind(reader, row))
    if metric == "validation_activity":
        return Why([examined.sentence(row)])
    return Why()


def _lacking(reader: Reader, metric: str) -> list[str]:
    """The tables and columns that the sentences would read and this snapshot does not hold."""
    lacking = []
    for table, columns in _READS.get(metric, {}).items():
        there = reader.tables.get(table)
        lacking += [table] if there is None else [column for column in columns if column not in there]
    return lacking


def method(reader: Reader) -> Row:
    """The row of metric.method; empty in a snapshot of an older package, which recorded less of it."""
    if not sqlfile.metric("method").columns.keys() <= reader.tables.get("metric.method", {}).keys():
        return {}
    return reader.frame("select * from snapshot.metric.method").row(0, named=True)


def said(value: Any) -> str:
    """A value as people read it: decimals exact and without idle zeros, means to six decimals, instants to the second."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.6f}').normalize():f}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def plain_id(text: str | None) -> str | None:
    """An id as snapshots have it, however it is written; any other text as it is."""
    return str(UUID(text)) if text is not None and is_id(text) else text


def is_id(value: str | None) -> bool:
    """Whether a text is a UUID."""
    try:
        return value is not None and bool(UUID(value))
    except ValueError:
        return False


def _score(reader: Reader, row: Row) -> Iterator[str]:
    told = method(reader)
    if row["score"] is None:
        yield from _unscored(reader, row)
        return
    formula = told.get("formula")
    if formula:
        inputs = {name: said(row[name]) for name in ("importance", "satisfaction")}
        filled = re.sub("importance|satisfaction", lambda found: inputs[found[0]], formula)
        yield f"score = {formula}"
        yield f"score = {filled} = {said(row['score'])}"
        yield _band(row, told)
        yield _region(row, told)
    else:
        yield f"score = {said(row['score'])}, band {row['band']}; this snapshot does not record its formula"


def _band(row: Row, told: Row) -> str:
    score, high, medium = said(row["score"]), said(told["high_above"]), said(told["medium_from"])
    because = {
        "HIGH": f"is above {high}",
        "MEDIUM": f"is not below {medium} and not above {high}",
        "LOW": f"is below {medium}",
    }
    return f"{score} {because[row['band']]}, so {row['band']}"


def _region(row: Row, told: Row) -> str:
    i, s, stakes = said(row["importance"]), said(row["satisfaction"]), said(told["table_stakes_from"])
    because = {
        "underserved": f"the score {said(row['score'])} is above {said(told['underserved_above'])}",
        "table_stakes": f"importance {i} and satisfaction {s} are both {stakes} or more",
        "overserved": f"satisfaction {s} is above importance {i}",
        "appropriately_served": "none of under-served, table stakes and over-served applies",
    }
    return f"region {row['region']}: {because[row['region']]}"


def _how_sure(reader: Reader, row: Row) -> Iterator[str]:
    if row["score"] is None:
        return
    low, high, d = row["score_low"], row["score_high"], method(reader).get("score_tolerance")
    of_how_many = reader.frame("select count(score) as n from snapshot.metric.opportunity")["n"].item()
    if low is not None and d is not None:
        stays = f"stays {row['band']}" if row["band_firm"] else f"from {row['band_low']} to {row['band_high']}"
        yield f"each input may be off by {said(d)}: score {said(low)} to {said(high)}, {stays}"
        yield f"rank {row['rank']:,} of {of_how_many:,}; within the same error {row['rank_best']:,} to {row['rank_worst']:,}"
    else:
        yield f"rank {row['rank']:,} of {of_how_many:,}"
    if row["satisfaction_to_leave_high"] is not None:
        leaves, today = said(row["satisfaction_to_leave_high"]), said(row["satisfaction"])
        yield f"it leaves HIGH once satisfaction reaches {leaves} (now {today})"


_SOURCE = {"outcome": "jtbd_outcomes", "job": "jobs_to_be_done"}


def _unscored(reader: Reader, row: Row) -> Iterator[str]:
    table = _SOURCE[row["level"]]
    rejected = dict(
        reader.frame(
            "select column_name, text from snapshot.raw.rejects where table_name = ? and row_key = ?",
            [table, row["outcome_id"]],
        ).iter_rows()
    )
    yield "UNSCORED: without both inputs there is no score, and no score is neither 0 nor LOW"
    for name in ("importance", "satisfaction"):
        refused = rejected.get(f"{name}_score")
        if row[name] is not None and 0 <= row[name] <= 10:
            yield f"{name} is {said(row[name])}"
        elif row[name] is not None:
            yield f"{name} is {said(row[name])}, outside 0-10"
        elif refused is not None:
            yield f"{name} is missing: the source says '{refused[:80]}', which is no such number (raw.rejects)"
        else:
            yield f"{name} is missing in the source"


def _sources(reader: Reader, row: Row) -> Iterator[Row]:
    wanted = [(_SOURCE[row["level"]], row["outcome_id"])]
    if row["level"] == "outcome" and row["job_id"] is not None:
        wanted.append(("jobs_to_be_done", row["job_id"]))
    for table, id_ in wanted:
        there = reader.tables[f"raw.{table}"]
        shown = [
            c for c in ("id", "code", "outcome_id", "updated_at", "evidence_source", "validation_score") if c in there
        ]
        found = reader.frame(
            f"select {', '.join(shown)} from snapshot.raw.{table} where id = try_cast(? as uuid)", [id_]
        )
        for source in found.iter_rows(named=True):
            yield {"table": f"raw.{table}", **source}


def _counts(row: Row) -> Iterator[str]:
    if row["n_outcomes"] is None:
        yield "how many outcomes there are is unknown: the source has no table of outcomes"
        return
    bands = ("n_high", "n_medium", "n_low", "n_unscored")
    yield f"{row['n_outcomes']:,} outcomes = " + " + ".join(f"{row[n]:,} {n[2:].upper()}" for n in bands)
    if row["n_scored"]:
        yield f"mean of the {row['n_scored']:,} scores (not score of the means) = {row['mean_score']:.2f}, highest {said(row['max_score'])}"
        yield f"share under-served = {row['n_underserved']:,} / {row['n_scored']:,} = {row['share_underserved']:.0%}"


_SHARES = {
    "share_of_live_jobs": ("n_jobs", "n_live_jobs"),
    "share_with_role": ("n_with_role", "n_jobs"),
    "share_with_primary": ("n_with_primary", "n_jobs"),
    "share_personas_with_job": ("n_personas_with_job", "n_personas"),
}


def _shares(row: Row) -> Iterator[str]:
    for share, (part, whole) in _SHARES.items():
        if row[share] is not None:
            yield f"{share} = {part} / {whole} = {row[part]:,} / {row[whole]:,} = {row[share]:.0%}"


_LISTED = 12  # so many jobs still fit a command that people copy


def _outcomes_behind(reader: Reader, row: Row) -> str:
    dimension = row["dimension"]
    if dimension == "outcome_type":  # a roll-up meets words across spellings; the outcomes keep their own
        spelled = "select distinct outcome_type as word from snapshot.metric.opportunity"
        alike = "nullif(lower(trim(outcome_type)), '') is not distinct from"
        words = reader.frame(f"{spelled} where {alike} ?", [row["member"]])["word"].to_list()
        if "" in words or len(words) > _LISTED:  # in a command, '' asks for the unknown
            return _in_python(f"select * from metric.opportunity where {alike} ?", [row["member"]])
        return _command(reader, "opportunity", [("outcome_type", word or "") for word in words])
    jobs = _jobs(reader, row)
    orphans = "select count(*) as n from snapshot.metric.opportunity where job_id is null"
    if row["member"] is None and reader.frame(orphans)["n"].item():
        jobs.append("")
    if 0 < len(jobs) <= _LISTED:
        return _command(reader, "opportunity", [("job_id", job) for job in jobs])
    return _query("opportunity", "job_id", row)


def _coverage_behind(reader: Reader, row: Row) -> str:
    if row["dimension"] == "job":
        return _command(reader, "opportunity", [("job_id", row["member"])])
    jobs = _jobs(reader, row)
    if 0 < len(jobs) <= _LISTED:
        return _command(reader, "coverage_by", [("dimension", "job"), *(("member", job) for job in jobs)])
    return _query("coverage_by", "member", row, "t.dimension = 'job' and ")


def _jobs(reader: Reader, row: Row) -> list[str]:
    """The live jobs of a member; of no member, those that belong to none of the dimension."""
    member = "m.member = ?" if row["member"] is not None else "m.member is not null"
    some = f"exists (select 1 from snapshot.model.membership as m where m.dimension = ? and {member} and m.job_id = j.job_id)"
    some = some if row["member"] is not None else f"not {some}"
    found = reader.frame(
        f"select j.job_id from snapshot.model.jobs as j where j.is_live and {some} order by j.job_id",
        [row["dimension"], *([row["member"]] if row["member"] is not None else [])],
    )
    return found["job_id"].to_list()


def _query(metric: str, column: str, row: Row, also: str = "") -> str:
    """The same question for Python, where a command would name too many jobs."""
    member = "m.member is not null" if row["member"] is None else "m.member = ?"
    some = f"exists (select 1 from model.membership as m where m.dimension = ? and {member}"
    some = f"{'not ' if row['member'] is None else ''}{some} and m.job_id::varchar = t.{column}::varchar)"
    named = [row["dimension"], *([row["member"]] if row["member"] is not None else [])]
    return _in_python(f"select t.* from metric.{metric} as t where {also}{some}", named)


def _in_python(sql: str, parameters: list[str | None]) -> str:
    """The call, its values as Python writes them: a word of the source may hold quotes and backslashes."""
    return f"insights.sql({sql!r}, {parameters!a})"


def _command(reader: Reader, metric: str, where: list[tuple[str, str]]) -> str:
    slug = reader.manifest["tenant"]["slug"]
    conditions = " ".join(f"--where {shlex.quote(f'{column}={value}')}" for column, value in where)
    return f"vital-insights show {shlex.quote(slug)} {metric} {conditions}"
