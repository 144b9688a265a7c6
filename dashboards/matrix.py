"""Who does which job, as frames for the coverage maps: links, the people of a unit, and an order in which structure shows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from vital_insights.insights import NONE
from vital_insights.reports.members import lowest

if TYPE_CHECKING:
    from session import Data

WHO = {"role": "roles", "persona": "personas"}
UNITS = {"function": "functions", "department": "departments"}
ROUTES = ("inherited", "direct", "both")


def links(data: Data, who: str, jobs: pl.DataFrame) -> pl.DataFrame:
    """job_id, member, route, is_primary and relevance of every role or persona that has one of these jobs."""
    of_roles = data.table("job_roles").rename({"role_id": "member"}).with_columns(route=pl.lit("role"))
    found = of_roles if who == "role" else data.table("persona_jobs").rename({"persona_id": "member"})
    return found.select("job_id", "member", "route", "is_primary", "relevance").join(jobs, on="job_id", how="semi")


def units_of(data: Data, who: str, unit: str) -> pl.DataFrame:
    """`unit_id` and `member` of every role or persona that belongs to a function, with all above it, or to a department."""
    if who == "persona":
        return data.table("persona_membership").filter(dimension=unit).select(unit_id="member", member="persona_id")
    if unit == "department":
        return data.table("role_departments").select(unit_id="department_id", member="role_id")
    climbed = data.table("role_functions").join(data.table("function_tree"), on="function_id")
    return climbed.select(unit_id="ancestor_id", member="role_id").unique()


def people(data: Data, who: str) -> pl.DataFrame:
    """`member` and `member_name` of every role or persona."""
    return data.table(WHO[who]).select(member=f"{who}_id", member_name=f"{who}_name")


def units(data: Data, who: str, unit: str) -> pl.DataFrame:
    """unit_id, unit_name and member; of functions only the lowest, because those above hold all of theirs. Nobody is left out:
    who belongs to none of them is in the unit NONE."""
    table = data.table(UNITS[unit])
    if unit == "function":
        table = table.filter(pl.col("function_id").is_in(lowest(table, "function").implode()))
    told_apart = {member.id: member.name for member in data.members(unit).values()}
    placed = table.select(unit_id=f"{unit}_id", unit_name=f"{unit}_name").join(units_of(data, who, unit), on="unit_id")
    placed = placed.with_columns(
        unit_name=pl.col("unit_id").replace_strict(told_apart, default=pl.col("unit_name"), return_dtype=pl.String)
    )
    nowhere = people(data, who).select("member").join(placed, on="member", how="anti")
    return pl.concat([placed, nowhere.select(unit_id=pl.lit(NONE), unit_name=pl.lit(f"in no {unit}"), member="member")])


def jobs_of_unit(data: Data, unit: str, unit_id: str) -> pl.Series:
    """The jobs that belong to a function or department, whoever does them."""
    return data.table("membership").filter(dimension=unit, member=unit_id)["job_id"].unique()


def ordered(found: pl.DataFrame, jobs: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Jobs and people with `n`, how many of the other side each has, in an order that puts the similar side by side.

    Who shares the most common jobs comes first, then the jobs follow in the order of who does them; whatever has none
    stands last, by name. The same rows always come in the same order.
    """
    found = found.join(people, on="member", how="semi").join(jobs, on="job_id", how="semi")
    n_jobs, n_people = found.group_by("member").len("n"), found.group_by("job_id").len("n")
    jobs = _with_n(jobs, n_people, "job_id").sort("n", "job_name", "job_id", descending=[True, False, False])
    people = _with_n(people, n_jobs, "member").sort("n", "member_name", "member", descending=[True, False, False])
    people = _alike(people, "member", jobs["job_id"], found.select("member", "job_id"))
    return _alike(jobs, "job_id", people["member"], found.select("job_id", "member")), people


def _with_n(frame: pl.DataFrame, counts: pl.DataFrame, key: str) -> pl.DataFrame:
    return frame.join(counts, on=key, how="left").with_columns(pl.col("n").fill_null(0))


def _alike(frame: pl.DataFrame, key: str, others: pl.Series, pairs: pl.DataFrame) -> pl.DataFrame:
    """The frame by the places that its partners have among the others, the earliest first; those without any last."""
    place = {other: number for number, other in enumerate(others)}
    places: dict[str, list[int]] = defaultdict(list)
    for one, other in pairs.iter_rows():
        places[one].append(place[other])
    keys = [sorted(places[one]) or [len(place)] for one in frame[key]]
    return frame[sorted(range(frame.height), key=keys.__getitem__)]


def groups_of(data: Data, dimension: str, jobs: pl.DataFrame) -> pl.DataFrame:
    """job_id, group and group_name of these jobs, by a dimension of `membership`; of domains the topmost. No group is NULL."""
    placed = (
        data.table("membership").filter(dimension=dimension).select("job_id", group="member", group_name="member_name")
    )
    if dimension == "domain":
        tops = data.table("domains").filter(pl.col("parent_id").is_null())["domain_id"]
        placed = placed.filter(pl.col("group").is_in(tops.implode()))
    return jobs.select("job_id").join(placed.unique(), on="job_id", how="left")


def summed(
    found: pl.DataFrame, placed: pl.DataFrame, units: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The cells, groups and units of `group_map`: different jobs that somebody of the unit has, group by group.

    `placed` comes from `groups_of`; `units` has unit_id, unit_name and member. The largest stand first, no group last.
    """
    placed = placed.with_columns(pl.col("group").fill_null(""), group_name=pl.when(pl.col("group").is_null()).then(pl.lit("in none"))
                                 .otherwise("group_name"))  # fmt: skip
    groups = placed.group_by("group", "group_name").agg(pl.col("job_id").n_unique().alias("n_jobs"))
    groups = groups.sort(pl.col("group") == "", -pl.col("n_jobs").cast(pl.Int64), "group_name", "group")
    reached = found.join(units.select("unit_id", "member"), on="member")
    totals = reached.group_by("unit_id").agg(pl.col("job_id").n_unique().alias("n"))
    across = (
        units.select("unit_id", "unit_name")
        .unique("unit_id")
        .join(totals, on="unit_id", how="left")
        .with_columns(pl.col("n").fill_null(0))
    )
    across = across.sort("n", "unit_name", "unit_id", descending=[True, False, False])
    known = found["is_primary"].is_not_null().any()
    primary = pl.col("job_id").filter(pl.col("is_primary")).n_unique() if known else pl.lit(None, pl.UInt32)
    cells = (
        reached.join(placed, on="job_id")
        .group_by("group", "unit_id")
        .agg(pl.col("job_id").n_unique().alias("n"), primary.alias("n_primary"),
             pl.col("member").n_unique().alias("n_people"),
             *((pl.col("route") == route).sum().alias(f"n_{route}") for route in ROUTES))
    )  # fmt: skip
    return cells.rename({"unit_id": "member"}), groups, across.rename({"unit_id": "member", "unit_name": "member_name"})
