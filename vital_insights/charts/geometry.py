"""The opportunity square: importance to the right, satisfaction upwards, both 0-10.

With score = importance + max(importance - satisfaction, 0), a contour climbs as satisfaction = 2*importance - score
up to the diagonal; above it the score is the importance alone and the contour turns vertical. Places are whole
millionths, because binary fractions put points that lie on a band's edge on its wrong side.
"""

import math

Place = tuple[int, int]  # importance and satisfaction in millionths

SIDE = 10
MILLION = 1_000_000
HIGH_ABOVE, MEDIUM_FROM, UNDERSERVED_ABOVE = 12, 8, 10
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
PETAL = 0.07  # how far the first petal of a sunflower lies from its heart, on the scale of 0-10
WIDEST = 0.35  # no petal lies further out, however many outcomes share one place


def contour(score: float) -> list[tuple[float, float]]:
    """The corner points of one score's contour inside the square, from the bottom up."""
    start = (score / 2, 0.0)
    if score < SIDE:
        return [start, (float(score), float(score)), (float(score), float(SIDE))]
    return [start, (float(SIDE), float(2 * SIDE - score))]


def band_at(place: Place) -> str:
    """The band of the ground under a place; it equals the metric's band for every scored outcome."""
    importance, satisfaction = place
    score = importance + max(importance - satisfaction, 0)
    if score > HIGH_ABOVE * MILLION:
        return "HIGH"
    return "MEDIUM" if score >= MEDIUM_FROM * MILLION else "LOW"


def petal(place: Place, number: int) -> Place:
    """Where the `number`-th of the outcomes that share one place is drawn; the first stays on it.

    A petal that would leave the square or its band is mirrored, then shrunk, then given up: it never changes the band.
    """
    if number == 0:
        return place
    radius = min(PETAL * math.sqrt(number), WIDEST) * MILLION
    angle = number * GOLDEN_ANGLE
    right, up = round(radius * math.cos(angle)), round(radius * math.sin(angle))
    band = band_at(place)
    for shrink in (1, 2, 4):
        for mirror_x, mirror_y in ((1, 1), (-1, -1), (-1, 1), (1, -1)):
            moved = (place[0] + mirror_x * right // shrink, place[1] + mirror_y * up // shrink)
            if all(0 <= part <= SIDE * MILLION for part in moved) and band_at(moved) == band:
                return moved
    return place


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Heights as near to the wanted ones as can be, at least `gap` apart and within low and high.

    `wanted` falls from the top down, and so does the answer; `len(wanted) * gap` must fit between low and high.
    """
    placed: list[float] = []
    for height in wanted:
        placed.append(min(height, high if not placed else placed[-1] - gap))
    floor = low
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    return placed


def uncrossed(marks: list[tuple[float, float]], column: float, heights: list[float]) -> list[int]:
    """For each height of a column right of the marks, from the top down, the number of the mark it is joined to.

    No two of these lines cross: all marks that remain lie under the line just drawn, and so do all remaining heights.
    Where two marks lie on one line the nearer comes first, else its line would run through the other.
    """
    left = list(range(len(marks)))
    joined = []
    for height in heights:
        steepness = [((y - height) / (column - x), x) for x, y in marks]
        highest = max(left, key=steepness.__getitem__)
        left.remove(highest)
        joined.append(highest)
    return joined
