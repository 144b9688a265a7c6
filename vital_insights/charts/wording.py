"""What figures say: numbers from decimals, text of the data as text and never as markup."""

import textwrap
from decimal import Decimal
from typing import Any

LONGEST = 240  # characters of one data text in a figure; the page shows it whole


def exact(value: Decimal) -> str:
    """The number as it is, with at least one decimal and no rounding: a 12.004 is never shown as 12.0."""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def signed(value: Decimal) -> str:
    """The number as it is with its sign, a true minus: `+2.0`, `−0.35`, `0.0`."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + exact(abs(value))


def escaped(text: str) -> str:
    """The text with plotly's markup made inert; entities are the one escape that plotly knows."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(text: str | None, width: int, lines: int, missing: str = "") -> str:
    """The text in at most `lines` lines of `width` characters, escaped, cut at a word with an ellipsis."""
    if text is None or not text.strip():
        return missing
    if len(text) <= width and text.isprintable():
        return escaped(text)  # the same, ten times faster; a landscape has thousands of texts
    kept = textwrap.wrap(text[:LONGEST], width=width, max_lines=lines, placeholder=" …", break_on_hyphens=False)
    return "<br>".join(escaped(line) for line in kept)


def share(part: int, whole: int) -> str:
    """`14%`, or `under 1%` where rounding would say none, or a dash where there is no whole."""
    if whole == 0:
        return "–"
    if 0 < part * 100 < whole:
        return "under 1%"
    if 0 < (whole - part) * 100 < whole:
        return "over 99%"
    return f"{round(part * 100 / whole)}%"


def sum_of(row: dict[str, Any]) -> str:
    """The score worked out: `9.8 + max(9.8 - 4.6, 0) = 15.0`."""
    importance, satisfaction = exact(row["importance"]), exact(row["satisfaction"])
    return f"{importance} + max({importance} - {satisfaction}, 0) = {exact(row['score'])}"


def outcome_hover(row: dict[str, Any], *last: str) -> str:
    """What a mark says: statement, job, the score worked out with its band, then the `last` lines."""
    lines = [
        f"<b>{wrapped(row['statement'], 52, 4, 'no statement')}</b>",
        f"Job: {wrapped(row['job_name'], 52, 2, 'none')}",
        f"Importance {exact(row['importance'])}, satisfaction {exact(row['satisfaction'])}",
        f"Score {sum_of(row)}, {escaped(row['band'])}",
    ]
    return "<br>".join([*lines, *last])
