"""Tables that are only counted: kinds, days and numbers, grouped at the source. No row and no free text of them leaves it.

A kind is a text of the source, so it leaves only as a word of its vocabulary or as a short code (`login`, `user.created`,
`http_404`): a sentence, a name with a space, an address, a number or a key is no code. Where there are more than 100 different codes
they are no kinds either. What does not leave is counted all the same, as FREE_TEXT.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from vital_insights.source.contract.declare import Tally
from vital_insights.source.contract.vocabulary import WORDS
from vital_insights.source.drift import Bound
from vital_insights.source.scope import Scoped

FREE_TEXT = "(free text)"
MOST_CODES, LONGEST_CODE = 100, 40
_CODE = "^[A-Za-z]+[0-9]?([_.:-][A-Za-z]+[0-9]?)*([_.:-][0-9]{1,3})?$"
Element = sa.ColumnElement[Any]


def grouped(bound: Bound, scoped: Scoped, tally: Tally, day: Element) -> sa.Subquery:
    """The groups of a table as columns `kind`, `day`, `n` and `dated`: how many rows of a group have a created_at at all."""
    said = sa.func.left(sa.cast(scoped.columns.get(tally.kind or "", sa.null()), sa.Text), LONGEST_CODE + 1)
    sizes = [sa.func.count().label("n"), sa.func.count(scoped.columns.get("created_at", sa.null())).label("dated")]
    # Grouped as it stands first: a group is then looked at once, and not every row of a large table.
    each = scoped.select(said.label("said"), day.label("day"), *sizes).group_by(said, day).cte("each")
    words = sa.literal(_words(bound, tally), ARRAY(sa.Text))
    known = each.c.said == sa.any_(words)
    code = sa.and_(sa.func.length(each.c.said) <= LONGEST_CODE, each.c.said.regexp_match(_CODE))
    codes = sa.select(sa.func.count(each.c.said.distinct())).where(code, sa.not_(known)).scalar_subquery()
    told = sa.case(
        (sa.or_(known, sa.and_(code, codes <= MOST_CODES)), each.c.said), (each.c.said.is_not(None), FREE_TEXT)
    )
    sums = (sa.cast(sa.func.sum(each.c[size.name]), sa.BigInteger).label(size.name) for size in sizes)
    return sa.select(told.label("kind"), each.c.day, *sums).group_by(told, each.c.day).subquery("g")


def _words(bound: Bound, tally: Tally) -> list[str]:
    info = bound.contract.c[tally.kind].info if tally.kind else {}
    return list(WORDS[info["vocabulary"]]) if "vocabulary" in info else []
