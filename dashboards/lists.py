"""Lists of texts of the data, as inert HTML: one line an item, with what stands right of it and below it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from style import text

SHEET = """<style>
.vi.items li {grid-template-columns: 1fr auto; padding: .45rem 0}
.vi.items .aside {text-align: right; max-width: 16rem}
.vi.items ul ul li {border: 0; padding: .1rem 0 .1rem 1rem; grid-template-columns: 1fr}
.vi.items h2.name {margin: .6rem 0 .2rem}
</style>"""


def item(said: object, aside: object = None, under: Iterable[object] = ()) -> str:
    """One line: the text, what stands right of it, and the smaller lines below it."""
    below = "".join(f"<li>{text(each, 'without a name')}</li>" for each in under)
    below = f"<ul>{below}</ul>" if below else ""
    return (
        f'<li><span>{text(said, "without a text")}{below}</span><span class="aside muted">{text(aside, "")}</span></li>'
    )


def items(heading: str, lines: list[str], nothing: str, unknown: str | None = None) -> None:
    """Draw the lines under a heading with their count; without lines `nothing`, and where it cannot be known, why."""
    if unknown is not None:
        st.html(
            f'<div class="vi items"><h2 class="name">{heading}</h2><p class="muted">Unknown: {text(unknown)}.</p></div>'
        )
        return
    body = f"<ul>{''.join(lines)}</ul>" if lines else f'<p class="muted">{nothing}</p>'
    st.html(
        f'<div class="vi items"><h2 class="name">{heading} <span class="muted">{len(lines):,}</span></h2>{body}</div>'
    )
