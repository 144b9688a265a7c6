"""A what-if as people read it in a terminal, and as machines do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vital_insights.reports import terminal
from vital_insights.warehouse.reasons import said

if TYPE_CHECKING:
    from vital_insights.warehouse.what_if import WhatIf

_OUTCOME = {
    "score": "score", "band": "band", "region": "region", "rank": "rank", "rank_best": "rank at best",
    "rank_worst": "rank at worst", "satisfaction_to_leave_high": "HIGH until satisfaction reaches",
}  # fmt: skip
_ROLLED_UP = {"n_high": "HIGH", "n_unscored": "UNSCORED", "mean_score": "mean score", "max_score": "highest score"}


def as_dict(told: WhatIf) -> dict[str, Any]:
    """All of it in a stable shape: what is supposed, and by metric the rows that would differ."""
    changes = [{**vars(change)} for change in told.changes]
    differences = {name: told.difference(name).to_dicts() for name in told.recomputed if name != "method"}
    about = {"what_if": True, "tenant": told.tenant.slug, "based_on": told.based_on}
    return {**about, "changes": changes, "differences": differences}


def what_if(told: WhatIf, limit: int) -> None:
    """Print the outcomes that change, then the roll-ups, `limit` of them, then how much else would be different."""
    found = {name: told.difference(name) for name in told.recomputed if name != "method"}
    terminal.lines(["What if", *(f"  {change}" for change in told.changes)])
    supposed = {change.outcome_id for change in told.changes}
    rows = found["opportunity"].to_dicts()
    own = [row for row in rows if row["outcome_id"] in supposed]
    for row in own:
        terminal.section(" · ".join(text for text in (row["statement"], row["job_name"]) if text), _steps(row))
    if not own:
        terminal.lines(["", "Nothing changes: these are the inputs of the snapshot."])
    others = len(rows) - len(own)
    if others:
        terminal.lines(["", f"{others:,} other outcomes keep their score, and their place in the ranking changes."])
    _rolled_up(found["opportunity_by"].to_dicts(), limit)
    also = {
        name: frame.height
        for name, frame in found.items()
        if name not in {"opportunity", "opportunity_by"} and frame.height
    }
    if also:
        counts = ", ".join(f"{name} ({n:,} rows)" for name, n in also.items())
        terminal.lines(["", f"Also different: {counts}. --format json has every row."])
    terminal.lines(["", f"Nothing here was measured. It rests on {told.based_on}."])


def _steps(row: Mapping[str, Any]) -> Iterator[str]:
    for name, called in _OUTCOME.items():
        if f"{name}_after" in row and row[f"{name}_before"] != row[f"{name}_after"]:
            yield f"{called}: {_step(row, name)}"


def _rolled_up(rows: list[dict[str, Any]], limit: int) -> None:
    shown = [name for name in _ROLLED_UP if any(f"{name}_after" in row for row in rows)]
    moved = [row for row in rows if any(row[f"{name}_before"] != row[f"{name}_after"] for name in shown)]
    if not moved:
        return
    terminal.lines(["", "Where it gathers"])
    terminal.table(
        [
            {
                "what": row["dimension"].replace("_", " "),
                "who": row["member_name"] or ("(none)" if row["member"] is None else row["member"]),
                **{_ROLLED_UP[name]: _step(row, name) for name in shown},
            }
            for row in moved[:limit]
        ]
    )
    if len(moved) > limit:
        terminal.lines([f"{limit} of {len(moved):,} · --limit shows more, --format json all"])


def _step(row: Mapping[str, Any], name: str) -> str:
    before, after = (_told(row[f"{name}_{side}"]) for side in ("before", "after"))
    return after if before == after else f"{before} -> {after}"


def _told(value: Any) -> str:
    if value is None:
        return "–"
    return said(value) if isinstance(value, Decimal) else f"{value:.2f}" if isinstance(value, float) else str(value)
