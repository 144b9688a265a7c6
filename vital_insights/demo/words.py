"""The wording of the sample tenants, read from words/*.toml: one file a function, written to be read by its experts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = {"s": "speed", "v": "stability", "o": "output", "c": "cost", "r": "risk"}
OTHER_LABELS = {"R&D": "r_and_d", "IT/Digital": "it_digital"}  # document 2's spelling where a rule does not give it


@dataclass(frozen=True)
class Topic:
    """What a team works on: `jobs` it is asked to do, the `outcomes` (type, words after the direction) it wants, and
    how it is measured (`kpis`: name, unit, direction, target, current) and hindered (`obstacles`: type, severity, text),
    what it brings (`values`: description, in figures, to whom) and must respect (`constraints`: type, impact, text), its
    `workflow` (stages with their activities, in order) and where a machine could help (`ai`: opportunities with use cases).
    """

    name: str
    code: str
    category: str
    frequency: str
    complexity: str
    roles: tuple[str, ...]
    jobs: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    kpis: tuple[tuple[str, ...], ...]
    obstacles: tuple[tuple[str, ...], ...]
    criteria: tuple[tuple[str, ...], ...]
    values: tuple[tuple[str, ...], ...]
    constraints: tuple[tuple[str, ...], ...]
    workflow: tuple[tuple[str, tuple[str, ...]], ...]
    ai: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Function:
    """A business function: its departments with their roles (the head first), its topics, and how it is served.

    `importance` and `satisfaction` are the means that its scores scatter around.
    """

    name: str
    area: str
    code: str
    importance: float
    satisfaction: float
    contexts: tuple[str, ...]
    departments: dict[str, list[str]]
    topics: tuple[Topic, ...]

    @property
    def other_label(self) -> str:
        """The functional area as the second schema document spells it."""
        return OTHER_LABELS.get(self.area, self.area.lower().replace(" ", "_"))


@cache
def functions(kind: str) -> tuple[Function, ...]:
    """The functions of a pharma, digital or biotech company, the largest first."""
    folder = resources.files("vital_insights.demo") / "words"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    read = [_function(tomllib.loads(file.read_text(encoding="utf-8")), kind) for file in files]
    kept = [function for function in read if function.topics]
    return tuple(sorted(kept, key=lambda function: (-len(function.topics), function.name)))


def _function(words: dict[str, object], kind: str) -> Function:
    everywhere = words.get("tenants", ["pharma"])
    topics = [
        _topic(topic, words) for topic in _tables(words["topic"]) if kind in _list(topic.get("tenants", everywhere))
    ]
    importance, satisfaction = (float(mean) for mean in _list(words["level"]))
    departments = {name: _list(roles) for name, roles in _table(words["departments"]).items()}
    name, area, code = (str(words[key]) for key in ("name", "area", "code"))
    return Function(
        name, area, code, importance, satisfaction, tuple(_list(words["contexts"])), departments, tuple(topics)
    )


def _topic(words: dict[str, object], function: dict[str, object]) -> Topic:
    code = str(words["code"])
    category, frequency, complexity = _list(words["category"])
    return Topic(
        name=str(words["name"]),
        code=code,
        category=category,
        frequency=frequency,
        complexity=complexity,
        roles=tuple(_list(words["roles"])),
        jobs=tuple(_lines(words["jobs"])),
        outcomes=tuple((KINDS[line[0]], line[2:]) for line in _lines(words["outcomes"])),
        kpis=_of(code, function["kpis"]),
        obstacles=_of(code, function["obstacles"]),
        criteria=_of(code, function["criteria"]),
        values=_of(code, function["values"]),
        constraints=_of(code, function["constraints"]),
        workflow=_parts(words["workflow"]),
        ai=_parts(words["ai"]),
    )


def _of(code: str, lines: object) -> tuple[tuple[str, ...], ...]:
    """The lines that name the topic in their first field, without that field."""
    split = [line.split("|") for line in _lines(lines)]
    return tuple(tuple(line[1:]) for line in split if code in line[0].split())


def _parts(lines: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What stands before the colon of each line, and the parts after it, each with a capital."""
    split = [line.split(": ", 1) for line in _lines(lines)]
    return tuple((whole, tuple(part[0].upper() + part[1:] for part in parts.split("; "))) for whole, parts in split)


def _lines(text: object) -> list[str]:
    return str(text).strip().splitlines()


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []
