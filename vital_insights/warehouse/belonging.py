"""Conditions by who and where: `function=MED` keeps the rows whose job belongs to that function, as model.membership has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vital_insights.errors import OlderSnapshot, UsageError, nearest
from vital_insights.warehouse.reader import Reader, quoted
from vital_insights.warehouse.reasons import plain_id

if TYPE_CHECKING:
    import polars as pl

# The dimensions of opportunity_by that jobs belong to, each with the model table that has the names and codes of its
# members; of a dimension of words the words themselves are the members.
DIMENSIONS = {
    "function": "functions", "department": "departments", "role": "roles", "persona": "personas", "domain": "domains",
    "capability": "capabilities", "strategic_priority": "strategic_priorities", "industry": "industries", "job": "jobs",
    "country": "areas", "geographic_scope": "areas", "therapeutic_area": "areas", "disease_area": "areas",
    "job_category": None, "complexity": None, "frequency": None, "functional_area": None,
}  # fmt: skip
# Words of the row itself, asked for as roll-ups meet them: without case and spaces around.
WORDS = {"type": "outcome_type", "status": "job_status"}
NONE = "none"  # the code of what belongs to no member; a member of that code goes by its id
_SHOWN = 5


def knows(name: str, kinds: Mapping[str, str]) -> bool:
    """Whether rows with these columns can be chosen by this name although none of the columns has it."""
    return name not in kinds and (WORDS.get(name) in kinds or (name in DIMENSIONS and "job_id" in kinds))


def condition(reader: Reader, name: str, wanted: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that the rows belong to one of `wanted`, and the values to bind; None and "none" ask for what belongs to no member.

    Raises UsageError with the nearest names for a member that is not there, and where a name means several.
    """
    known = [value for value in wanted if value not in (None, NONE)]
    if name in WORDS:
        word = f"coalesce(lower(trim({quoted(WORDS[name])})), '')"
        words = [*(str(value).strip(" ").lower() for value in known), *([""] if len(known) < len(wanted) else [])]
        return f"{word} in ({', '.join('?' * len(words))})" if words else "false", words
    of = "select m.job_id from snapshot.model.membership as m where m.dimension = ? and"
    ids = [member for member, _ in (find(reader, name, value) for value in known)]
    parts = [f"job_id in ({of} m.member in ({', '.join('?' * len(ids))}))"] if ids else []
    values = [name, *ids] if ids else []
    if len(known) < len(wanted):
        parts.append(f"job_id is null or job_id not in ({of} m.member is not null)")
        values.append(name)
    return f"({' or '.join(parts)})" if parts else "false", values


def named(reader: Reader, where: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """By dimension asked for, the names of its members that are meant, None for what belongs to none. Raises as `condition` does."""
    return {
        name: [None if value in (None, NONE) else _name(reader, name, value) for value in listed(asked)]
        for name, asked in where.items()
        if name in DIMENSIONS or name in WORDS
    }


def _name(reader: Reader, name: str, value: Any) -> str:
    return str(value).strip(" ").lower().replace("_", " ") if name in WORDS else find(reader, name, value)[1]


def listed(asked: Any) -> list[Any]:
    """What one condition asks for, as a list."""
    return list(asked) if isinstance(asked, list | tuple | set | frozenset) else [asked]


def members(reader: Reader, dimension: str) -> pl.DataFrame:
    """Who can be asked for: id, code and name of every member, NULL where the source has no code or name.

    Raises UsageError for a dimension that there is not, or that a snapshot of an older version does not know.
    """
    if dimension not in DIMENSIONS:
        raise UsageError(f"There is no dimension '{dimension[:80]}'.", hint=nearest(dimension[:80], DIMENSIONS))
    table = DIMENSIONS[dimension]
    if table is None:
        return reader.frame(
            "select distinct member as id, null::varchar as code, member_name as name "
            "from snapshot.model.membership where dimension = ? and member is not null order by id",
            [dimension],
        )
    there = reader.tables.get(f"model.{table}")
    if there is None:
        raise OlderSnapshot(
            f"This snapshot is of an older version, which had no {dimension}.", hint="refresh the tenant"
        )
    stem = "area" if table == "areas" else dimension
    code = f"{stem}_code" if f"{stem}_code" in there else "null::varchar"
    only, values = (" where dimension = ?", [dimension]) if table == "areas" else ("", [])
    return reader.frame(
        f"select {stem}_id::varchar as id, {code} as code, {stem}_name as name from snapshot.model.{table}{only} order by id", values
    )  # fmt: skip


def find(reader: Reader, dimension: str, value: Any) -> tuple[str, str]:
    """The id and the name of the one member that a value means: its id, its code or its name, these also in other case."""
    import polars as pl

    every, asked = members(reader, dimension), plain_id(str(value)) or ""
    rows = every.filter(pl.any_horizontal(pl.all().str.to_lowercase() == asked.lower())).rows()
    # A code is shorter than a name and meant more often; of two that differ in case the one as it is written.
    exact = ([row for row in rows if row[column] == asked] for column in (0, 1, 2))
    alike = next(filter(None, exact), rows)
    if len(alike) == 1:
        return alike[0][0], alike[0][2] or alike[0][1] or alike[0][0]
    if alike:
        ids = ", ".join(row[0] for row in alike[:_SHOWN]) + (", …" if len(alike) > _SHOWN else "")
        raise UsageError(
            f"{len(alike)} members of '{dimension}' are called '{asked[:80]}'.", hint=f"use the id of one: {ids}"
        )
    words = {word for _, code, name in every.rows() for word in (code, name) if word}
    hint = nearest(asked[:80], words) if words else "the source names none"
    raise UsageError(f"No {dimension.replace('_', ' ')} is called '{asked[:80]}'.", hint=hint)
