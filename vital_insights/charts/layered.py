"""Where what waits for what is drawn: a row each, further right the longer the way to it, lines that pass through no mark.

Plain Python, and the same for the same links in whatever order they come. Jobs here are keys of any kind that sort.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Link = tuple[str, str]  # what is waited for, and what waits
Point = tuple[float, float]  # layer and row

LANES_FROM, LANES_TO = 0.25, 0.75  # where lines run between two layers
OFF, GAP = 0.36, 0.4  # rows: how far off its own a line runs that closes a circle; what is left free between groups


@dataclass(frozen=True)
class Layout:
    """A place for each key, and for each link its corners. `closing` are the links that close a circle."""

    places: Mapping[str, Point]
    lines: Mapping[Link, Sequence[Point]]
    closing: frozenset[Link]

    @property
    def rows(self) -> float:
        """How many rows all of it takes, with what is left free between groups."""
        return 1 + max((row for _, row in self.places.values()), default=-1.0)

    @property
    def layers(self) -> int:
        return 1 + round(max((layer for layer, _ in self.places.values()), default=0))


def groups(links: Iterable[Link]) -> list[list[str]]:
    """The keys that hang together, however loosely: each group sorted, the groups by their first key."""
    beside = defaultdict(set)
    for one, other in links:
        beside[one].add(other)
        beside[other].add(one)
    found, seen = [], set[str]()
    for key in sorted(beside):
        if key not in seen:
            group = _reached(key, beside)
            seen |= group
            found.append(sorted(group))
    return found


def circles(links: Iterable[Link]) -> list[list[str]]:
    """The keys that wait for each other or for themselves, a list a circle, each in an order in which one holds up the next where
    that is one round; circles that share a key are one."""
    after, before = _both_ways(_tight(links))
    found, seen = [], set[str]()
    for key in sorted(after):
        if key in seen:
            continue
        circle = set().union(*(_reached(each, after) for each in after[key]), set()) & _reached(key, before)
        seen |= circle
        if circle:
            found.append(_round(key, circle, after))
    return found


def layered(links: Iterable[Link]) -> Layout:
    """The layout of all links: groups one below the other by their first key, whatever is waited for above whatever waits."""
    every = sorted(set(links))
    after, _ = _both_ways(every)
    closing = _closing(after)
    forward = [link for link in every if link not in closing]
    layers = _layers(after, forward)
    rows: dict[str, float] = {}
    for number, group in enumerate(groups(every)):
        start = len(rows) + GAP * number
        for place, key in enumerate(_downwards(group, forward, layers)):
            rows[key] = start + place
    places = {key: (float(layers[key]), row) for key, row in rows.items()}
    return Layout(places, _lines(every, closing, places), frozenset(closing))


def _both_ways(links: Iterable[Link]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for one, other in sorted(set(links)):
        for way, start, end in ((after, one, other), (before, other, one)):
            way.setdefault(start, []).append(end)
            way.setdefault(end, [])
    return after, before


def _tight(links: Iterable[Link]) -> set[Link]:
    """The links on circles and between them: most jobs lie on none, and a search from each would take long."""
    kept, before = set(links), -1
    while len(kept) != before:
        before = len(kept)
        starts, ends = {one for one, _ in kept}, {other for _, other in kept}
        kept = {(one, other) for one, other in kept if one in ends and other in starts}
    return kept


def _reached(key: str, ways: Mapping[str, Iterable[str]]) -> set[str]:
    """The key and all that can be reached from it."""
    seen, edge = {key}, [key]
    while edge:
        new = set(ways[edge.pop()]) - seen
        seen |= new
        edge.extend(new)
    return seen


def _round(start: str, circle: set[str], after: Mapping[str, list[str]]) -> list[str]:
    """The circle from its first key on, following the links; what is not on that way stands at its end."""
    way, at = [start], start
    while following := next((each for each in after[at] if each in circle and each not in way), None):
        way.append(following)
        at = following
    return way + sorted(circle - set(way))


def _closing(after: Mapping[str, list[str]]) -> set[Link]:
    """The links without which there is no circle: those that lead back to where a walk has come from."""
    waits = {key for ends in after.values() for key in ends}
    done, open_, found = set[str](), set[str](), set[Link]()
    for start in sorted(after, key=lambda key: (key in waits, key)):
        walk = [(start, iter(after[start]))] if start not in done else []
        open_ |= {key for key, _ in walk}
        while walk:
            key, ends = walk[-1]
            end = next(ends, None)
            if end is None:
                walk.pop()
                open_.discard(key)
                done.add(key)
            elif end in open_:
                found.add((key, end))
            elif end not in done:
                open_.add(end)
                walk.append((end, iter(after[end])))
    return found


def _layers(keys: Iterable[str], forward: Sequence[Link]) -> dict[str, int]:
    """How many links the longest way to each key has."""
    layers = dict.fromkeys(keys, 0)
    moved = True
    while moved:
        moved = False
        for one, other in forward:
            if layers[other] <= layers[one]:
                layers[other], moved = layers[one] + 1, True
    return layers


def _downwards(group: Sequence[str], forward: Sequence[Link], layers: Mapping[str, int]) -> list[str]:
    """The group from above: everything below all that it waits for, and as soon as it may."""
    after, before = _both_ways(link for link in forward if link[0] in group)
    left = {key: len(before.get(key, ())) for key in group}
    ready, placed = sorted((key for key in group if not left[key]), reverse=True), []
    while ready:
        key = ready.pop()
        placed.append(key)
        for end in after.get(key, ()):
            left[end] -= 1
        ready += sorted(
            (end for end in after.get(key, ()) if not left[end]), key=lambda end: (-layers[end], end), reverse=True
        )
    return placed


def _lines(links: Sequence[Link], closing: set[Link], places: Mapping[str, Point]) -> dict[Link, list[Point]]:
    """The corners of each link. No two lines from different keys share a lane on the same rows."""
    spans: dict[int, dict[tuple[str, bool], tuple[float, float]]] = defaultdict(dict)
    for one, other in links:
        back = (one, other) in closing
        gap, owner = (int(places[other][0]) - 1, other) if back else (int(places[one][0]), one)
        ends = sorted((places[one][1], places[other][1]))
        low, high = spans[gap].get((owner, back), (ends[0], ends[1]))
        spans[gap][owner, back] = (min(low, ends[0]), max(high, ends[1]))
    lanes = {(gap, owner): at for gap, each in spans.items() for owner, at in _lanes(gap, each).items()}
    lines = {}
    for one, other in links:
        (x0, y0), (x1, y1) = places[one], places[other]
        if (one, other) in closing:
            lane = lanes[int(x1) - 1, (other, True)]
            corners = [(x0, y0), (x0, y0 + OFF), (lane, y0 + OFF), (lane, y1 - OFF), (x1, y1 - OFF), (x1, y1)]
        else:
            lane = lanes[int(x0), (one, False)]
            corners = [(x0, y0), (lane, y0), (lane, y1), (x1, y1)]
        lines[one, other] = corners
    return lines


def _lanes(gap: int, spans: Mapping[tuple[str, bool], tuple[float, float]]) -> dict[tuple[str, bool], float]:
    """A place between two layers for each line that runs down or up there, none on another's rows."""
    ends: list[float] = []
    taken = {}
    for owner, (low, high) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        lane = next((place for place, end in enumerate(ends) if end < low), len(ends))
        ends[lane : lane + 1] = [high]
        taken[owner] = lane
    step = (LANES_TO - LANES_FROM) / (len(ends) + 1)
    return {owner: gap + LANES_FROM + step * (len(ends) - lane) for owner, lane in taken.items()}
