"""A report as one HTML file that asks nobody for anything: script, figures and font are in it, and nothing of the data runs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from vital_insights import charts
from vital_insights.charts.script import plotly_js
from vital_insights.charts.theme import DARK, LIGHT, TOOLTIP
from vital_insights.reports.parts import Picture, Report, plain_frame
from vital_insights.reports.phrases import instant
from vital_insights.settings import shipped

TEMPLATES = Path(__file__).parent / "templates"
FONTS = {"inter-latin-wght-normal.woff2": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02DC,U+2000-206F,U+20AC,U+2122,U+2190-2193,U+2212,U+2215",
         "inter-latin-ext-wght-normal.woff2": "U+0100-02BA,U+1E00-1EFF,U+20A0-20AB,U+20AD-20C0,U+2C60-2C7F,U+A720-A7FF"}  # fmt: skip
DRAWN: dict[str, Callable[..., Any]] = {
    "landscape": charts.landscape, "gaps": charts.widest_gaps, "ranges": charts.score_ranges, "bands": charts.band_shares,
    "side_by_side": charts.side_by_side, "moves": charts.moves, "split": charts.split_changes, "examples": charts.worked_examples,
    "evidence": charts.evidence_map, "ai": charts.ai_potential, "dependencies": charts.dependency_graph,
}  # fmt: skip


def html(report: Report) -> str:
    """The file. It makes no request of any kind: its own policy forbids them, and any script that is not the two of ours."""
    rooms = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    scripts = {"plotly": plotly_js(), "script": (TEMPLATES / "draw.js").read_text(encoding="utf-8")}
    return rooms.get_template("report.html.j2").render(
        report=report,
        figures={section.key: [(each, _drawn(each)) for each in section.pictures] for section in report.sections},
        style=Markup(_style(instant(report.taken_at))),  # noqa: S704  ours, and an instant
        policy=_policy(scripts.values()),
        **{name: Markup(text) for name, text in scripts.items()},  # noqa: S704  ours and plotly's
    )


def _drawn(picture: Picture) -> Markup:
    """A figure as JSON that no parser of HTML can leave early."""
    figure = DRAWN[picture.kind](plain_frame(picture.frame), **picture.told)
    escapes = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
    return Markup(re.sub("[<>&\u2028\u2029]", lambda found: escapes[found[0]], figure.to_json()))  # noqa: S704


def _policy(scripts: Any) -> str:
    """No source for anything but what is in the file; a script runs only if it is one of these, to the letter."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; font-src data:; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _style(taken: str) -> str:
    """The style sheet with the colours of the theme and the font in it."""
    sheet = (TEMPLATES / "report.css").read_text(encoding="utf-8").replace("TAKEN", taken)
    themes = {"LIGHT": LIGHT, "DARK": DARK}
    sheet = re.sub(r"\b(LIGHT|DARK)\.(\w+)", lambda found: str(getattr(themes[found[1]], found[2])), sheet)
    return "\n".join([*_fonts(), sheet.replace("TOOLTIP.text", TOOLTIP["text"])])


def _fonts() -> Iterator[str]:
    for name, signs in FONTS.items():
        held = base64.b64encode((shipped("dashboards") / "static" / name).read_bytes()).decode()
        yield (f'@font-face {{ font-family: Inter; font-weight: 100 900; font-display: block; unicode-range: {signs}; '
               f'src: url("data:font/woff2;base64,{held}") format("woff2"); }}')  # fmt: skip
