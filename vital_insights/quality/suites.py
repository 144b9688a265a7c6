"""Suites as files: Great Expectations' own JSON, read strictly: a check that is misspelt is one that never fails."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from vital_insights.errors import QualityError, nearest
from vital_insights.quality.verdict import SEVERITIES, Severity
from vital_insights.settings import shipped

SUITE_KEYS = {"name", "expectations", "meta", "notes", "id"}
EXPECTATION_KEYS = {"type", "kwargs", "severity", "meta", "description", "notes", "id"}
SUITE_META = {"table", "key", "great_expectations_version"}
EXPECTATION_META = {"because", "name"}
RULES = "audit"  # the one suite that all rules are in
NO_ROWS = "expect_table_row_count_to_equal"


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite. `name` is unique over all suites and stays the same from refresh to refresh."""

    name: str
    type: str
    kwargs: dict[str, Any]
    severity: Severity
    because: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads: those it is about first, then those of its row condition."""
        single = [self.kwargs.get(name) for name in ("column", "column_A", "column_B")]
        several = [*self.kwargs.get("column_list", ()), *_condition_columns(self.kwargs.get("row_condition"))]
        return tuple(dict.fromkeys(name for name in (*single, *several) if name is not None))

    @property
    def about(self) -> str | None:
        """The column a person would look at, several joined by a comma, None for an expectation on the table."""
        own = [self.kwargs.get(name) for name in ("column", "column_A", "column_B")]
        return ", ".join(name for name in (*own, *self.kwargs.get("column_list", ())) if name) or None


@dataclass(frozen=True)
class Suite:
    """The expectations on one table. `key` names a row of it to people.

    A rule is a suite of one: its table holds the rows that break it. `of` is where the rule looked, `needs` the source's
    tables and columns without which it does not apply.
    """

    name: str
    path: Path
    table: str
    key: tuple[str, ...]
    expectations: tuple[Expectation, ...]
    of: str = ""
    needs: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns its frame needs: the key first, then those of the expectations, each once."""
        needed = [*self.key, *(column for each in self.expectations for column in each.columns)]
        return tuple(dict.fromkeys(needed))


def load(*folders: Path) -> list[Suite]:
    """The suites of these folders in the order of their names; without a folder, those that come with the package.

    QualityError names the file and, for a misspelt word, the nearest one that exists.
    """
    chosen = folders or (shipped("expectations"),)
    for folder in chosen:
        if not folder.is_dir():
            raise QualityError(f"There is no folder of suites at {folder}.")
    suites = [read(path) for folder in chosen for path in sorted(folder.glob("*.json"))]
    refuse_doubles(suites)
    return sorted(suites, key=lambda suite: suite.name)


def rule(
    path: Path, table: str, key: Iterable[str], *, severity: str, because: str, of: str = "", needs: Iterable[str] = ()
) -> Suite:
    """The suite of one rule: `table` holds the rows that break it, so that there should be none."""
    if severity not in SEVERITIES:
        raise QualityError(
            f"{path}: the rule has an unknown severity '{severity}'.", hint=nearest(severity, SEVERITIES)
        )
    if not because.strip():
        raise QualityError(f'{path}: the rule needs "because", a sentence that says why it matters.')
    only = Expectation(table, NO_ROWS, {"value": 0}, severity, because)
    return Suite(RULES, path, table, tuple(key), (only,), of, tuple(needs))


def refuse_doubles(suites: Iterable[Suite]) -> None:
    """QualityError where two suites, expectations or rules bear one name: the history of the one would be the other's."""
    seen: dict[str, Path] = {}
    for suite in suites:
        own = () if suite.name == RULES else (suite.name,)
        for name in (*own, *(each.name for each in suite.expectations)):
            if name in seen:
                raise QualityError(f"{suite.path}: '{name}' is already the name of another in {seen[name]}.",
                                   hint="give one of the two another name")  # fmt: skip
            seen[name] = suite.path


def refuse_strangers(suites: Iterable[Suite], tables: Mapping[str, Iterable[str]]) -> None:
    """QualityError for a suite on a table or column that no refresh makes. `tables` maps `schema.table` to its columns."""
    for suite in suites:
        wanted = [(suite.table, suite.columns)]
        for need in suite.needs:
            table, _, column = need.partition(".")
            wanted.append((f"raw.{table}", (column,) if column else ()))
        for table, columns in wanted:
            if table not in tables:
                raise QualityError(f"{suite.path}: there is no table '{table}'.", hint=nearest(table, tables))
            for column in columns:
                if column not in tables[table]:
                    raise QualityError(f"{suite.path}: {table} has no column '{column}'.",
                                       hint=nearest(column, tables[table]))  # fmt: skip


def read(path: Path) -> Suite:
    """The suite in one file. QualityError says what is wrong with it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise QualityError(f"{path} is not a suite: {error}") from None
    _known(path, "The suite", _object(path, "The suite", document), SUITE_KEYS)
    meta = _object(path, "meta of the suite", document.get("meta"))
    _known(path, "meta of the suite", meta, SUITE_META)
    if path.stem == RULES:
        raise QualityError(f"{path}: '{RULES}' is the name of the suite of rules.", hint="give the file another name")
    table, key, listed = meta.get("table"), meta.get("key"), document.get("expectations")
    if not isinstance(table, str) or table.count(".") != 1:
        raise QualityError(f'{path}: meta needs "table", the schema and the table it reads, such as "raw.personas".')
    if not _texts(key):
        raise QualityError(f'{path}: meta needs "key", the list of the columns that name a row, such as ["id"].')
    if not isinstance(listed, list) or not listed:
        raise QualityError(f'{path}: "expectations" must be a list with at least one expectation.')
    expectations = tuple(_expectation(path, number, item) for number, item in enumerate(listed, 1))
    return Suite(path.stem, path, table, tuple(cast("list[str]", key)), expectations)


def _expectation(path: Path, number: int, document: Any) -> Expectation:
    where = f"Expectation {number}"
    _known(path, where, _object(path, where, document), EXPECTATION_KEYS)
    kind, severity = document.get("type"), document.get("severity")
    if not isinstance(kind, str):
        raise QualityError(f'{path}: {where} needs a "type".')
    where = f"{where} ({kind})"
    kwargs = _object(path, f"kwargs of {where}", document.get("kwargs", {}))
    meta = _object(path, f"meta of {where}", document.get("meta"))
    _known(path, f"meta of {where}", meta, EXPECTATION_META)
    if severity not in SEVERITIES:
        said = "needs a severity" if severity is None else f"has an unknown severity '{severity}'"
        raise QualityError(f"{path}: {where} {said}.", hint=nearest(str(severity), SEVERITIES))
    if not isinstance(meta.get("because"), str) or not meta["because"].strip():
        raise QualityError(f'{path}: {where} needs "because" in its meta, a sentence that says why it matters.')
    made = Expectation("", kind, kwargs, severity, meta["because"])
    try:
        understood = all(isinstance(column, str) for column in made.columns)
    except (SyntaxError, TypeError, AttributeError, KeyError):
        understood = False
    if not understood:
        raise QualityError(f"{path}: the columns or the row_condition of {where} cannot be understood.")
    derived = f"{made.about or 'table'}.{kind.removeprefix('expect_')}".replace(", ", "+")
    return replace(made, name=f"{path.stem}.{meta.get('name') or derived}")


def _object(path: Path, what: str, found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise QualityError(f"{path}: {what} must be an object {{…}}.")
    return found


def _known(path: Path, what: str, found: Iterable[str], known: set[str]) -> None:
    for name in found:
        if name not in known:
            raise QualityError(f"{path}: {what} has an unknown key '{name}'.", hint=nearest(name, known))


def _texts(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(item, str) for item in found)


def _condition_columns(condition: Any) -> list[str]:
    """The columns of a row_condition in any of the shapes Great Expectations reads; SyntaxError if it is none."""
    if condition is None:
        return []
    if isinstance(condition, Mapping) and "pass_through_filter" in condition:
        condition = condition["pass_through_filter"]
    if isinstance(condition, str):
        return [node.id for node in ast.walk(ast.parse(condition, mode="eval")) if isinstance(node, ast.Name)]
    if "conditions" in condition:
        return [name for part in condition["conditions"] for name in _condition_columns(part)]
    return [condition["column"]["name"]]
