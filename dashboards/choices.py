"""Choices of one page that live in the address, as the filters do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st
from style import text


def told_apart(names: Iterable[str]) -> list[str]:
    """The names, numbered where several are alike: a picker sends back the name, and of equal ones the last would win."""
    every, seen, told = list(names), Counter[str](), list[str]()
    taken = set(every)
    for name in every:
        label = name
        while seen[name] and label in taken:
            seen[name] += 1
            label = f"{name} ({seen[name]})"
        seen[name] = seen[name] or 1
        taken.add(label)
        told.append(label)
    return told


def choose(name: str, label: str, options: Mapping[str, str], widget: Callable[..., Any], **look: Any) -> str:
    """Draw a choice of codes and return the chosen one; the first is the default and stays out of the address.

    `filters.carry(name)` must have run. A code of the address that is not offered chooses nothing and is reported.
    """
    state, first, key = st.session_state, next(iter(options)), f"pick_{name}"
    labels = dict(zip(options, told_apart(options.values()), strict=True))
    asked = state[name]
    state[key] = asked if asked in options else first

    def keep() -> None:
        state[name] = "" if state[key] == first else state[key]

    widget(
        label,
        list(options),
        key=key,
        format_func=labels.__getitem__,
        on_change=keep,
        label_visibility="collapsed",
        **look,
    )
    if asked and asked not in options:
        st.html(f'<div class="vi" role="status"><span class="warning">Not applied:</span> the address asks for {text(label.lower())} '
                f"“{text(asked)}”, which is not offered here.</div>")  # fmt: skip
    return state[key]


def part(what: str, n: int, size: int, key: str) -> int:
    """Where the shown slice of so many begins; there is a choice where one slice does not hold them all."""
    starts = list(range(0, n, size))
    if len(starts) < 2:
        return 0
    return st.selectbox(what, starts, key=key, label_visibility="collapsed", width=250,
                        format_func=lambda at: f"{what} {at + 1:,} to {min(at + size, n):,} of {n:,}")  # fmt: skip
