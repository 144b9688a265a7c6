"""What the public names say of themselves: help() alone must be enough to use them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import vital_insights as vi
from vital_insights import charts
from vital_insights.insights import Comparison, Explanation, Snapshot, WhatIf
from vital_insights.quality.verdict import Verdict
from vital_insights.reports import origin

UNDERSTOOD = {"self", "settings", "title", "footer"}  # the same everywhere
ERRORS = ("raises", "errors as of")


def told() -> Iterator[tuple[str, Any]]:
    """Every public name and every public method of what it gives."""
    for name in vi.__all__:
        yield f"vi.{name}", getattr(vi, name)
    for kind in (vi.Insights, WhatIf, Comparison, Explanation, Snapshot, Verdict):
        yield kind.__name__, kind
        for name, member in vars(kind).items():
            function = member.fget if isinstance(member, property) else getattr(member, "func", member)
            if not name.startswith("_") and inspect.isfunction(function):
                yield f"{kind.__name__}.{name}", function
    for name in charts.__all__:
        if inspect.isfunction(getattr(charts, name)):
            yield f"charts.{name}", getattr(charts, name)
    yield from (("origin.about", origin.about), ("origin.footer", origin.footer))


PUBLIC = dict(told())


def test_units_and_the_unknown_are_said_where_every_frame_comes_from() -> None:
    said = inspect.getdoc(vi.Insights) or ""
    assert all(word in said for word in ("0-10", "0-20", "decimals", "UTC", "null", "metrics(name)"))


def test_there_is_something_to_hold() -> None:
    assert len(PUBLIC) > 50
    assert {
        "vi.open_tenant",
        "Insights.sql",
        "WhatIf.difference",
        "Verdict.failed",
        "charts.landscape",
    } <= PUBLIC.keys()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_docstring_says_what_comes_back_and_what_is_asked(name: str) -> None:
    public = PUBLIC[name]
    said = inspect.getdoc(public) or ""
    first = said.split("\n\n")[0]
    assert first.endswith((".", ":", "`")) or ". " in first, said
    if not inspect.isfunction(public):
        return
    asked = [each for each in inspect.signature(public).parameters.values() if each.name not in UNDERSTOOD]
    # The frame that a chart draws and the snapshot that a footer is of are what the first sentence is about.
    named = asked[1:] if name.startswith(("charts.", "origin.")) else asked
    assert [each.name for each in named if f"`{each.name}`" not in said and each.name not in first] == []
    if "DataFrame" in str(inspect.signature(public).return_annotation):
        assert "row" in said
    if any("str" in str(each.annotation) for each in named) and not name.startswith("charts."):
        assert any(word in said.lower() for word in ERRORS), "what goes wrong with a name that is not there"
    if name.startswith("charts.") and "Figure" in str(inspect.signature(public).return_annotation):
        assert any(word in said for word in ("columns", "frame", "rows", "figure", "Verdict"))
