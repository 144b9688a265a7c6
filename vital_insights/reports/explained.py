"""An explanation and a comparison as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.reports import terminal
from vital_insights.reports.phrases import into_high
from vital_insights.warehouse.explanation import source_line
from vital_insights.warehouse.reasons import said

if TYPE_CHECKING:
    from vital_insights.warehouse.comparison import Comparison
    from vital_insights.warehouse.explanation import Explanation


def explanation(told: Explanation) -> None:
    """Print how one number came about."""
    key = ", ".join(f"{column} {value or '(none)'}" for column, value in told.key.items())
    terminal.lines([f"{told.title} · {key}", told.because])
    if told.reasons:
        terminal.section("How it came about", told.reasons)
    units = ((value, f"  ({value.unit})" if value.unit else "") for value in told.values)
    terminal.entries("Columns", ((f"{value.column} = {value.text}{unit}", [value.told]) for value, unit in units))
    if told.sources:
        terminal.section("Source rows", map(source_line, told.sources))
    if told.rows_behind:
        # Never wrapped by us: it is there to be copied.
        print(f"\nThe rows behind\n  {terminal.plain(told.rows_behind)}")
    origin = told.provenance.items()
    terminal.section(
        "Where it is from", (f"{what.replace('_', ' ')}: {value or 'not recorded'}" for what, value in origin)
    )


def comparison(told: Comparison, limit: int) -> None:
    """Print what changed between two snapshots, the largest moves first, what stayed the same only counted."""
    terminal.lines([f"From {told.older}", f"to   {told.newer}", "", *_summary(told)])
    if told.method_changes:
        differs = (
            (d.what.replace("_", " "), d.older or "not recorded", d.newer or "not recorded")
            for d in told.method_changes
        )
        title = "The method differs, and moves no score here"
        terminal.section(title, (f"{what}: {older} -> {newer}" for what, older, newer in differs))
    changed = told.rows.filter(told.rows["change"] != "unchanged")
    rows = changed.head(limit).to_dicts()
    for change, heading in _HEADINGS.items():
        if found := [_entry(row) for row in rows if row["change"] == change]:
            terminal.entries(heading, found)
    if changed.height > limit:
        terminal.lines(["", f"{limit} of {changed.height:,} changes · --limit shows more, --format csv all"])


_HEADINGS = {
    "moved": "Moved, the largest change first",
    "lost_score": "Lost their score",
    "gained_score": "Gained a score",
    "appeared": "Appeared",
    "vanished": "Vanished",
}


def _entry(row: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The scores and the band, then which outcome it is, then how much of the change came from which input."""
    by = f" ({_signed(row['score_change'])})" if row["score_change"] is not None else ""
    band = row["band_crossing"] or row["new_band"] or row["old_band"]
    named = " · ".join(text for text in (row["statement"], row["job_name"]) if text)
    return f"{_step(row, 'score')}{by}  {band}", [named or row["new_outcome_id"] or row["old_outcome_id"], *_parts(row)]


def _parts(row: Mapping[str, Any]) -> Iterator[str]:
    if row["matched_by"] is not None:
        yield "; ".join(f"{name} {_step(row, name)}{_part(row, name)}" for name in ("importance", "satisfaction"))


def _part(row: Mapping[str, Any], name: str) -> str:
    part = row[f"change_from_{name}"]
    return f" ({_signed(part)})" if part is not None and row[f"old_{name}"] != row[f"new_{name}"] else ""


def _summary(told: Comparison) -> Iterator[str]:
    n = told.summary
    yield (
        f"{n['moved']:,} moved, {n['appeared']:,} appeared, {n['vanished']:,} vanished, {n['gained_score']:,} gained a score, "
        f"{n['lost_score']:,} lost it, {n['unchanged']:,} unchanged"
    )
    yield into_high(told.rows)
    if n["matched_by_code"]:
        matched = n["matched_by_code"] + n["matched_by_id"]
        yield f"{n['matched_by_code']:,} of {matched:,} were matched by job and outcome code, the others by id"
    for side in ("older", "newer"):
        if n[f"restated_{side}"]:
            yield f"{n[f'restated_{side}']:,} scores of the {side} snapshot were stored otherwise; here today's formula counts"


def _step(row: Mapping[str, Any], name: str) -> str:
    """From what to what; one of them where nothing changed, or where the outcome is in one snapshot only."""
    old, new = (row[f"{side}_{name}"] for side in ("old", "new"))
    unknown = "no score" if name == "score" else "missing"
    shown = [unknown if value is None else said(value) for value in (old, new)]
    if row["change"] in {"appeared", "vanished"} or old == new:
        return shown[0] if row["change"] == "vanished" else shown[1]
    return " -> ".join(shown)


def _signed(part: Decimal) -> str:
    return ("+" if part > 0 else "") + said(part)
