"""What people see in a terminal: tables that fit, bars while they wait, and nothing of either for machines."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from vital_insights.pipeline import Refreshed
    from vital_insights.quality.verdict import Verdict
    from vital_insights.source.doctor import Line

SHORT = 12  # characters that are not worth a second line
LONGEST_WORD = 24  # a name_of_a_column is not cut; what is longer is no word
WHOLE = {"id", "slug"}  # what people copy is never cut


def table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows of one shape. A column in which nothing is said takes no room; an unknown is a dash.

    Words may wrap; a number, an id or a short word is never cut, even if the table then grows wider than the screen.
    """
    names = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)] if rows else []
    shown = {name: ["–" if row[name] is None else plain(str(row[name])) for row in rows] for name in names}
    longest = {name: max(map(len, [*values, *name.split("_")])) for name, values in shown.items()}
    firm = {name: n for name, n in longest.items() if n <= SHORT or name in WHOLE or all(map(_is_number, shown[name]))}
    console = Console()
    left = console.width - sum(firm.values()) - 3 * len(names)
    widths = dict(firm)
    for count, name in enumerate(
        sorted(longest.keys() - firm.keys(), key=longest.__getitem__)
    ):  # short texts leave room
        word = max(len(each) for value in shown[name] for each in value.split() or [""])
        floor = max(SHORT, min(word, LONGEST_WORD))
        widths[name] = min(longest[name], max(floor, left // (len(longest) - len(firm) - count)))
        left -= widths[name]
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        justify: Any = "right" if all(map(_is_number, shown[name])) else "left"
        made.add_column(name.replace("_", " "), justify=justify, width=widths[name], overflow="fold")
    for values in zip(*shown.values(), strict=True):
        made.add_row(*map(Text, values))
    if names:
        Console(width=max(console.width, sum(widths.values()) + 3 * len(names))).print(made)


def lines(texts: Iterable[str]) -> None:
    """Print lines that break between words only; what follows is indented under its line."""
    width = Console().width
    for line in map(plain, texts):
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        print(textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False))


def section(title: str, texts: Iterable[str]) -> None:
    """Print lines under a heading."""
    lines(["", title, *(f"  {text}" for text in texts)])


def entries(title: str, told: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Print a list of things under a heading, and under each what is said of it."""
    section(title, (line for name, texts in told for line in (name, *(f"    {text}" for text in texts))))


def plain(text: str) -> str:
    """The text without what a terminal would obey: names come from the source. Line breaks become spaces."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)


def diagnosis(lines: Iterable[Line]) -> Iterator[str]:
    """What the doctor found, each with the remedy on a line of its own, so that it can be copied."""
    for line in lines:
        yield f"{line.status:<8} {line.subject}: {line.text}" + (f"\n    {line.remedy}" if line.remedy else "")


def verdict(found: Verdict) -> Iterator[str]:
    """What failed or could not run, the gravest first, each with why it matters."""
    wrong = [check for check in found if check.status in {"failed", "errored"}]
    for check in sorted(wrong, key=lambda check: check.gravity):
        said = check.observed if check.status == "failed" else check.reason
        yield f"{check.severity:<8}  {check.status:<7}  {check.name}  {said or ''}\n    {check.because}"


def history(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What became of each check that is wrong or was, the gravest first, and how many checks each fate has."""
    fates: Counter[str] = Counter()
    for row in rows:
        fates[row["change"]] += 1
        n = [row["n_failed_before"], row["n_failed"]]
        counts = " → ".join("–" if each is None else f"{each:,}" for each in n) if n != [None, None] else ""
        since = f"since {row['since']:%d %b %Y %H:%M} UTC"
        yield f"{row['severity']:<8}  {row['change']:<7}  {row['name']}  {since}  {counts}\n    {row['because']}"
    told = ", ".join(f"{fates[change]:,} {change}" for change in ("new", "failing", "fixed", "gone"))
    yield f"Against the build before: {told}."


def refreshed(done: Refreshed) -> Iterator[str]:
    """What a refresh did, what the role could do too much of, and what was found in the source."""
    what = "published" if done.published else "REFUSED, the snapshot before goes on serving"
    yield f"{done.tenant.name}: {done.rows:,} rows in {done.seconds:.1f} s, {what}. {done.verdict.summary()}"
    yield f"  {done.path}"
    counted: Counter[str] = Counter()
    for finding in done.findings:
        if finding.kind.startswith("role_"):
            yield f"  warning: {finding.detail}; use the role of docs/operators.md"
        else:
            counted[finding.kind.replace("_", " ")] += finding.n
    if counted:
        told = ", ".join(f"{n:,} {kind}" for kind, n in sorted(counted.items()))
        yield f"  found in the source: {told} (all of them in raw.findings)"


def _is_number(text: str) -> bool:
    return text == "–" or text.strip("-%").replace(",", "").replace(".", "", 1).isdigit()


@contextmanager
def progress(name: str) -> Iterator[Bar]:
    """A bar by rows while one tenant is refreshed, on standard error; silent where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield Bar(bars, bars.add_task(name, total=None), name)


class Bar:
    """The pipeline's Progress on one bar."""

    def __init__(self, bars: Progress, task: TaskID, name: str) -> None:
        self._bars, self._task, self._name = bars, task, name

    def step(self, text: str) -> None:
        """A part of the work without a count begins."""
        self._bars.reset(self._task, total=None, description=f"{self._name}: {text}")

    def table(self, name: str, rows: int) -> None:
        """A table of so many rows begins."""
        self._bars.reset(self._task, total=rows, description=f"{self._name}: {name}")

    def rows(self, done: int) -> None:
        """So many of its rows have arrived."""
        self._bars.update(self._task, completed=done)
