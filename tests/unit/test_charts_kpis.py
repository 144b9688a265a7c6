"""KPIs, ranked bars and the history of checks: drawn where the numbers say, unknown never drawn as nothing."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from vital_insights.charts import DARK, check_history, in_colours, kpi_bars, ranked_bars, widest_gaps

DECIMAL = pl.Decimal(18, 6)
T = [datetime(2026, 3, day, 6, tzinfo=UTC) for day in (1, 5, 9)]


def drawn(figure) -> dict:
    return json.loads(figure.to_json())


def texts(figure, name) -> list[str]:
    return [each["text"] for each in drawn(figure)["layout"]["annotations"] if each["name"] == name]


def kpis(*rows) -> pl.DataFrame:
    names = ("kpi_name", "unit", "direction", "target_value", "current_value", "attainment", "met", "unknown_because")
    kinds = {"target_value": DECIMAL, "current_value": DECIMAL, "attainment": pl.Float64, "met": pl.Boolean}
    told = [dict(zip(names, row, strict=True)) | {"job_name": "Job"} for row in rows]
    return pl.DataFrame(told, schema={name: kinds.get(name, pl.String) for name in [*names, "job_name"]})


KPIS = kpis(
    ("<b>Late</b>", "h", "decrease", Decimal(2), Decimal("5.5"), 2.75, False, None),
    ("Right", "%", "increase", Decimal(80), Decimal(90), 1.125, True, None),
    ("Undirected", None, None, Decimal(10), Decimal(5), 0.5, None, "direction not stated"),
    ("No target", "h", "increase", None, Decimal(5), None, None, "no target"),
    ("Nothing read", None, "increase", None, None, None, None, "the source lacks target_value or current_value"),
    ("Below nothing", None, "increase", Decimal(10), Decimal(-5), -0.5, False, None),
)


def test_a_kpi_is_a_bar_on_the_scale_of_its_target_and_an_unknown_one_is_none():
    found = {trace["name"]: (trace["x"], trace["y"]) for trace in drawn(kpi_bars(KPIS))["data"]}
    assert found == {"met": ([1.125], [1]), "not met": ([2.0, 0.0], [0, 5]), "cannot be said": ([0.5], [2])}
    lines = [shape["y0"] for shape in drawn(kpi_bars(KPIS))["layout"]["shapes"]]
    assert [round(y) for y in lines] == [0, 1, 2, 5]  # a target is drawn where there is one to compare with


def test_a_kpi_says_both_values_in_its_own_unit_and_why_nobody_can_judge_it():
    assert texts(kpi_bars(KPIS), "values") == [
        "now 5.5 h, target 2.0 h · less is better", "now 90.0 %, target 80.0 % · more is better",
        "now 5.0, target 10.0 · direction not stated", "now 5.0 h, target unknown · no target",
        "now unknown, target unknown · the source has no values", "now -5.0, target 10.0 · more is better",
    ]  # fmt: skip
    assert texts(kpi_bars(KPIS), "verdict") == [
        f"<b>{said}</b>" for said in ("not met", "met", "cannot be said", "cannot be said", "cannot be said", "not met")
    ]
    assert texts(kpi_bars(KPIS), "kpi")[0] == "&lt;b&gt;Late&lt;/b&gt;"
    assert texts(kpi_bars(KPIS), "beyond") == ["→", "←"]


def test_met_not_met_and_unknown_differ_without_any_hue():
    looks = [(trace["marker"]["color"], trace["marker"]["pattern"]["shape"]) for trace in drawn(kpi_bars(KPIS))["data"]]
    assert len(set(looks)) == 3


def test_what_is_left_out_is_counted():
    assert texts(kpi_bars(KPIS, number=2), "rest") == ["The first 2 of 6"]
    assert texts(kpi_bars(KPIS), "rest") == []
    assert texts(kpi_bars(KPIS.head(0)), "kpi") == []


MEMBERS = pl.DataFrame(
    {
        "name": ["b", "a", None, "c", "<i>"],
        "n": [3, 3, 9, None, 1],
        "of": [10, 0, 9, 4, 1000],
        "band": ["HIGH", "LOW", "LOW", "LOW", "MEDIUM"],
    }
)


def test_ranked_bars_go_by_value_then_by_name_and_the_unknown_stands_last():
    figure = ranked_bars(MEMBERS, label="name", value="n", of="of", nobody="in none")
    assert texts(figure, "label") == ["in none", "a", "b", "&lt;i&gt;", "c"]
    assert texts(figure, "value") == [
        "<b>9 of 9, 100%</b>", "<b>3 of 0, –</b>", "<b>3 of 10, 30%</b>", "<b>1 of 1,000, under 1%</b>", "<b>unknown</b>",
    ]  # fmt: skip
    (bars,) = drawn(figure)["data"]
    assert bars["x"] == [9.0, 3.0, 3.0, 1.0, 0.0]
    assert len(set(bars["marker"]["color"])) == 1
    assert texts(ranked_bars(MEMBERS, label="name", value="n", number=2), "rest") == ["The first 2 of 5"]


@pytest.mark.parametrize(
    ("value", "said"), [(Decimal("12.004000"), "12.004"), (8.255, "8.26"), (2704, "2,704"), (-3, "-3")]
)
def test_a_ranked_value_is_said_as_it_is(value, said):
    frame = pl.DataFrame({"name": ["a"], "v": [value]})
    assert texts(ranked_bars(frame, label="name", value="v"), "value") == [f"<b>{said}</b>"]


def test_ranked_bars_take_the_hue_of_their_band():
    (bars,) = drawn(ranked_bars(MEMBERS, label="name", value="n", band="band"))["data"]
    assert len(set(bars["marker"]["color"])) == 3


def test_long_labels_make_room_for_themselves():
    short, long = (
        ranked_bars(pl.DataFrame({"name": ["word " * n], "v": [1]}), label="name", value="v") for n in (2, 20)
    )
    assert texts(long, "label")[0].count("<br>") == 1
    assert long.layout.height > short.layout.height


def history(*rows) -> pl.DataFrame:
    names = ("suite", "name", "severity", "change", "since", "n_failed", "n_failed_before")
    return pl.DataFrame(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema_overrides={"n_failed": pl.Int64, "n_failed_before": pl.Int64},
    )


HISTORY = history(
    ("jobs", "jobs.a_b", "critical", "failing", T[0], 12, 9),
    ("audit", "audit.lost_links", "warning", "new", T[2], 3, None),
    ("jobs", "jobs.c", "info", "fixed", T[2], 0, 4),
    ("jobs", "jobs.d", "info", "gone", T[2], None, 4),
    ("jobs", "jobs.e", "info", "failing", T[1], 5, 5),
)


def test_a_failing_check_is_a_line_from_its_first_failure_to_the_newest_build():
    lines, *marks = drawn(check_history(HISTORY, T[2]))["data"]
    assert [x and x[:10] for x in lines["x"]] == ["2026-03-01", "2026-03-09", None, "2026-03-05", "2026-03-09", None]
    assert {mark["name"]: len(mark["y"]) for mark in marks} == {
        "still failing": 2,
        "new": 1,
        "fixed": 1,
        "no longer asked": 1,
    }
    assert len({mark["marker"]["symbol"] for mark in marks}) == 4
    assert texts(check_history(HISTORY, T[2]), "end") == ["1 Mar 2026 06:00 UTC", "9 Mar 2026 06:00 UTC"]


def test_a_check_is_named_in_words_with_what_failed_before_and_now():
    figure = check_history(HISTORY, T[2])
    assert texts(figure, "check") == ["<b>critical</b>  jobs: a b", "lost links", "jobs: c", "jobs: d", "jobs: e"]
    assert texts(figure, "rows") == ["9 → 12", "unknown → 3", "4 → 0", "4 → unknown", "5"]


def test_without_anything_failing_longer_there_is_one_instant():
    assert texts(check_history(HISTORY[1:3], T[2]), "end") == ["9 Mar 2026 06:00 UTC"]
    assert texts(check_history(HISTORY[:0], T[2]), "check") == []


def test_title_and_footer_make_room_for_themselves_and_are_plain_text():
    plain, told = (
        kpi_bars(KPIS, title=title, footer=footer) for title, footer in (("", ""), ("<b>Ours</b> " * 9, "Acme · " * 30))
    )
    before, after = (figure.layout for figure in (plain, told))
    assert after.height - before.height == (after.margin.t - before.margin.t) + (after.margin.b - before.margin.b) > 0
    (title,), (footer,) = texts(told, "title"), texts(told, "footer")
    assert title.startswith("&lt;b&gt;Ours&lt;/b&gt;")
    for text, sign in ((title, 9), (footer, 5.6)):  # so that nothing is cut on a phone
        assert all(len(line.replace("&lt;", "<").replace("&gt;", ">")) * sign <= 390 for line in text.split("<br>"))
    assert texts(plain, "title") == texts(plain, "footer") == []


def test_a_figure_in_the_colours_of_a_theme_is_a_copy():
    plain = widest_gaps(pl.DataFrame(schema=dict.fromkeys(("outcome_id", "statement", "score", "band"), pl.String)))
    dark = in_colours(plain, DARK)
    assert (dark.layout.paper_bgcolor, dark.layout.font.color) == (DARK.bg, DARK.text)
    assert plain.layout.font.color is None
