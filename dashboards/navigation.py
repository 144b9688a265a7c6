"""The pages that there are: every file of pages/ with a line `PAGE = {…}`. Adding a page is adding one file.

    PAGE = {"title": "Outcomes", "icon": ":material/format_list_numbered:", "place": 3}

The line is read, never run: a literal, so that the navigation costs nothing and no page can break another.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent / "pages"


@lru_cache(maxsize=64)
def _declared(path: Path, changed: int) -> dict[str, Any]:  # noqa: ARG001
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["PAGE"]:
            return ast.literal_eval(node.value)
    raise SyntaxError(f"{path.name} says no PAGE = {{'title': …, 'icon': …, 'place': …}}")


def declared() -> dict[str, dict[str, Any]]:
    """What each page says of itself, by the name of its file, in their order."""
    found = {path.stem: _declared(path, path.stat().st_mtime_ns) for path in FOLDER.glob("*.py")}
    return dict(sorted(found.items(), key=lambda item: (item[1]["place"], item[0])))


def first() -> str:
    """The page that opens; its address is the root."""
    return next(iter(declared()))


def pages() -> list[st.Page]:
    """The pages in their order; the first is the one that opens."""
    return [
        st.Page(FOLDER / f"{name}.py", title=told["title"], icon=told["icon"], url_path=name, default=name == first())
        for name, told in declared().items()
    ]
