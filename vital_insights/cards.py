"""What a notebook shows of an object: a small card of escaped text in the notebook's own colours, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

_LINE = "1px solid rgba(127,127,127,.35)"  # seen on white and on black
_CELL = f"text-align:left;vertical-align:top;padding:.25em .8em .25em 0;border-top:{_LINE};white-space:normal"
_LEFT = "text-align:left;vertical-align:top;padding:.1em 1em .1em 0;white-space:normal"
_ROW = "background:transparent"  # notebooks stripe their tables in colours of their own


def card(
    title: str,
    about: Mapping[str, str],
    columns: Sequence[str] = (),
    rows: Iterable[Sequence[str]] = (),
    foot: str = "",
) -> str:
    """The card as HTML: a title, facts by name, a table under them if there is one, a line below. All texts are plain."""
    facts = "".join(
        f'<tr style="{_ROW}"><td style="{_LEFT};opacity:.7">{escape(name)}</td><td style="{_LEFT}">{escape(told)}</td></tr>'
        for name, told in about.items()
    )
    parts = [f'<div style="font-weight:600;font-size:1.1em;margin-bottom:.3em">{escape(title)}</div>']
    parts += [f'<table style="border:0;margin:0">{facts}</table>'] if facts else []
    body = "".join(
        f'<tr style="{_ROW}">{"".join(f"<td style={_CELL!r}>{escape(cell)}</td>" for cell in row)}</tr>' for row in rows
    )
    if body:
        head = "".join(f'<th style="{_CELL};border-top:0;opacity:.7">{escape(name)}</th>' for name in columns)
        parts.append(f'<table style="border:0;margin:.6em 0 0"><tr style="{_ROW}">{head}</tr>{body}</table>')
    parts += [f'<div style="opacity:.7;margin-top:.5em">{escape(foot)}</div>'] if foot else []
    return (
        f'<div style="border:{_LINE};border-radius:8px;padding:.8em 1em;max-width:60em;line-height:1.4">'
        f"{''.join(parts)}</div>"
    )
