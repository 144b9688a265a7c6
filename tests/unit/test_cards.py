"""What a notebook shows: plain text whatever the data says, in colours that any page has, and no secret in any repr."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import worlds
from tests.worlds import ACME
from vital_insights import insights
from vital_insights.cards import card
from vital_insights.quality.verdict import Check, Verdict
from vital_insights.settings import Settings

HOSTILE = "<script>alert(1)</script><img src=http://example.org/x.png onerror='alert(2)'> \" ' & {{7*7}}"


class Read(HTMLParser):
    """The tags, the attributes and the text of a card, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        for _, value in attrs:
            assert "url(" not in value

    def handle_data(self, data):
        self.text += data


def is_inert(html):
    read = Read(html)
    assert read.tags <= {"div", "table", "tr", "td", "th"}
    assert read.attributes <= {"style"}
    # What has no colour of its own is readable on white and on black.
    assert not re.search(r"(?<!border-)\b(color|background-color):", html)
    return read.text


def test_a_card_is_text_whatever_it_is_told():
    text = is_inert(card(HOSTILE, {HOSTILE: HOSTILE}, [HOSTILE, "b"], [[HOSTILE, HOSTILE]], HOSTILE))
    assert text.count(HOSTILE) == 7


def test_a_card_of_nothing_has_no_empty_table():
    assert "table" not in card("Title", {})


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Acme under a hostile name, with a setting that is a secret."""
    folder = tmp_path_factory.mktemp("cards")
    worlds.publish(folder / str(ACME), worlds.SMALL, slug="acme<b>")
    settings = Settings(warehouse=folder, source_url="postgresql://u:hunter2@127.0.0.1/d", access_key="hunter2" * 8)
    with insights.open_tenant(str(ACME), settings=settings) as opened:
        yield opened


def test_insights_says_who_when_how_much_and_what_can_be_asked(opened):
    text = is_inert(opened._repr_html_())
    assert "Acme<B>" in text
    assert "01 Mar 2026 06:00 UTC" in text
    # Of SMALL two score 15.8, three 8 to 12, one 5, and two have no score.
    assert "8: 2 HIGH, 3 MEDIUM, 1 LOW, 2 UNSCORED" in text
    for name in opened.metrics()["name"]:
        assert name in text


def test_a_snapshot_says_when_and_whether_it_may_be_trusted(opened):
    text = is_inert(opened.snapshot._repr_html_())
    assert opened.snapshot.id in text
    assert "not recorded" in text  # how many rows the source had
    told = {**opened.snapshot.manifest, "loaded": 1234, "rejected": 5, "published_anyway": True, "verdict": HOSTILE}
    anyway = is_inert(insights.Snapshot("snapshot-x", opened.snapshot.taken_at, Path("x"), told)._repr_html_())
    assert "1,234, 5 values rejected" in anyway
    assert "although critical checks failed" in anyway
    refused = insights.Snapshot("refused-x", opened.snapshot.taken_at, Path("x"), told)._repr_html_()
    assert "REFUSED" in is_inert(refused)


def check(name, status, severity="warning", because=HOSTILE):
    return Check("s", "model.jobs", name, "e", None, severity, status, because, observed="3 of 9")


def test_a_verdict_shows_what_is_wrong_the_gravest_first():
    verdict = Verdict(
        (
            check("fine", "passed"),
            check("mild", "failed", "info"),
            check("grave", "failed", "critical"),
            check("odd", "errored"),
        )
    )
    text = is_inert(verdict._repr_html_())
    assert text.index("grave") < text.index("odd") < text.index("mild")
    assert "fine" not in text
    many = Verdict(tuple(check(f"check {n:02}", "failed") for n in range(25)))
    text = is_inert(many._repr_html_())
    assert "check 19" in text
    assert "check 20" not in text
    assert "and 5 more" in text


def test_no_repr_tells_a_secret_or_a_page_of_it(opened):
    with opened.what_if({"OUT-0": {"satisfaction": 7}}) as supposed:
        shown = [repr(opened), repr(opened.snapshot), repr(opened.verdict()), repr(supposed)]
        shown += [each._repr_html_() for each in (opened, opened.snapshot, opened.verdict(), supposed)]
    assert not [text for text in shown if "hunter2" in text]
    assert all(len(text) < 400 for text in shown[:4])
