"""The pages that there are: every file of pages/, and of the folder that the setting `pages` names, with a line `PAGE = {…}`.

Adding a page is adding one file.

    PAGE = {"title": "Outcomes", "icon": ":material/format_list_numbered:", "place": 3, "group": "Where to act"}

The line is read, never run: a literal, so that the navigation costs nothing and no page can break another. A page whose
line cannot be read stands last and says so itself. Groups stand as their first pages do; pages without one are the last.
"""

from __future__ import annotations

import ast
import os
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from vital_insights import settings
from vital_insights.errors import VitalError

FOLDER = Path(__file__).parent / "pages"
FAULTY = ":material/error:"
UNGROUPED = "More"  # pages that name no group: those of one's own, and those that cannot be opened
LAST = 1000  # the place of a page that cannot be opened


@lru_cache(maxsize=64)
def _declared(path: Path, changed: int) -> dict[str, Any]:  # noqa: ARG001
    with suppress(OSError, SyntaxError, ValueError, TypeError, LookupError, RecursionError):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["PAGE"]:
                told = ast.literal_eval(node.value)
                return {
                    **told,
                    **{name: str(told[name]) for name in ("title", "icon")},
                    "place": float(told["place"]),
                    "group": str(told.get("group") or UNGROUPED),
                }
    return {"title": path.stem, "icon": FAULTY, "place": LAST, "group": UNGROUPED, "fault": True}


@lru_cache(maxsize=1)
def _own(file: Path, changed: int, _variable: str | None) -> Path | None:  # noqa: ARG001
    return settings.load().pages


def _paths() -> dict[str, Path]:
    """Each page's file by its name. Ours come last: nobody's own page takes the place of one of them."""
    file = Path(settings.FILE).absolute()
    # Every link asks for the pages, dozens a run, and reading the settings takes 3 ms.
    try:
        own = _own(file, file.stat().st_mtime_ns if file.exists() else 0, os.environ.get("VITAL_PAGES"))
    except VitalError:  # main.py says why, once it asks for the tenants
        own = None
    return {
        path.stem: path.absolute()
        for folder in (own, FOLDER)
        if folder
        for path in folder.glob("*.py")
        if path.is_file()
    }


def declared() -> dict[str, dict[str, Any]]:
    """What each page says of itself, by the name of its file, in their order."""
    found = {name: _declared(path, path.stat().st_mtime_ns) for name, path in _paths().items()}
    return dict(sorted(found.items(), key=lambda item: (item[1]["place"], item[0])))


def first() -> str:
    """The page that opens; its address is the root."""
    return next(iter(declared()))


def groups() -> dict[str, list[str]]:
    """The names of the pages of each group: a group stands where its first page does, what names none comes last."""
    found: dict[str, list[str]] = {}
    for name, told in sorted(declared().items(), key=lambda item: item[1]["group"] == UNGROUPED):
        found.setdefault(told["group"], []).append(name)
    return found


def pages() -> dict[str, list[st.Page]]:
    """The pages by group, as the menu lists them; the first of all opens, whatever its group."""
    paths, opens, told = _paths(), first(), declared()
    return {
        group: [_page(paths[name], name, told[name], default=name == opens) for name in names]
        for group, names in groups().items()
    }


def _page(path: Path, name: str, told: dict[str, Any], *, default: bool) -> st.Page:
    if "fault" not in told:
        with suppress(StreamlitAPIException):  # it refuses an icon that it does not know
            return st.Page(path, title=told["title"], icon=told["icon"], url_path=name, default=default)
    said = (
        f'{path.name} has no line PAGE = {{"title": "…", "icon": ":material/star:", "place": 11}} that can be read. '
        "Write it and reload."
    )
    return st.Page(partial(st.error, said, icon=FAULTY), title=name, icon=FAULTY, url_path=name, default=default)
