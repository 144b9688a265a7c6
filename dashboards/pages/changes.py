"""Two snapshots side by side: which outcomes moved, which crossed a band, and which of the two ratings moved them."""

import downloads
import filters
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from choices import choose
from since import older_snapshots
from style import cells, text

from vital_insights.charts import moves, split_changes, widest_moves
from vital_insights.errors import VitalError
from vital_insights.reports.phrases import METHOD, NOTHING_OLDER, into_high

PAGE = {"title": "What changed", "icon": ":material/compare_arrows:", "place": 7, "group": "Where to act"}

ARROWS, SPLIT, LISTED = 60, 8, 500
KINDS = {
    "moved": "Moved", "appeared": "Appeared", "vanished": "Vanished", "gained_score": "Gained a score",
    "lost_score": "Lost the score", "into_high": "Into HIGH", "out_of_high": "Out of HIGH",
}  # fmt: skip


def method_changes() -> None:
    """What differs in the method, loudly, because it is no movement of any outcome."""
    restated = {"older": compared.summary["restated_older"], "newer": compared.summary["restated_newer"]}
    if not compared.method_changes and not any(restated.values()):
        return
    items = ""
    for change in compared.method_changes:
        what = METHOD.get(change.what, change.what.replace("_", " "))
        was, now = text(change.older, "not recorded"), text(change.newer, "not recorded")
        # A fingerprint says only that something differs.
        said = "differ" if change.what == "definitions" else f"{was} → {now}"
        items += f'<li><span class="warning">Method</span><span>{text(what)}: {said}</span></li>'
    for which, n in restated.items():
        if n:
            items += (f'<li><span class="warning">Restated</span><span>{words.counted(n, "score")} of the {which} snapshot '
                      "were stored otherwise than today’s formula computes them</span></li>")  # fmt: skip
    with st.container(border=True):
        st.header("The method is not the same in both snapshots", anchor=False)
        st.html('<div class="vi muted">Both sides are computed with today’s formula, so none of this shows as movement below.</div>'
                f'<div class="vi"><ul>{items}</ul></div>')  # fmt: skip


def of_kind(kind: str) -> pl.DataFrame:
    """The changes of one of KINDS, of those that moved the widest first."""
    if kind == "moved":
        return widest_moves(rows, rows.height)
    return {"into_high": into, "out_of_high": out_of}[kind] if kind.endswith("_high") else rows.filter(change=kind)


def chosen(rows: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """The changes within the filters, and whether those that vanished could be held against them.

    What is still there is chosen as it stands today, what vanished as it stood in the older snapshot.
    """
    today = rows.filter(pl.col("new_outcome_id").is_in(shown["outcome_id"].implode()))
    try:
        then = data.older(compared.older)
        gone = selection.of(then.metric("opportunity"), then.table("membership"))["outcome_id"]
    except (VitalError, pl.exceptions.PolarsError):  # made by a version that knew less: it lacks a table or a column
        return today, False
    vanished = rows.filter(pl.col("change") == "vanished", pl.col("old_outcome_id").is_in(gone.implode()))
    return pl.concat([today, vanished]), True


def figures() -> None:
    by_change = {kind: of_kind(kind).height for kind in KINDS}
    told = {
        "into_high": (into.height, "were not HIGH before"),
        "out_of_high": (out_of.height, "are HIGH no more"),
        "moved": (by_change["moved"], f"of {words.counted(n_matched, 'outcome')} in both snapshots"),
        "appeared": (by_change["appeared"], f"{by_change['gained_score']:,} more gained a score"),
        "vanished": (by_change["vanished"], f"{by_change['lost_score']:,} more lost their score"),
    }
    since = st.session_state["since"]
    leads.cards(
        (KINDS[kind], f"{n:,}", said, leads.link("changes", "List them", kind=kind, since=since) if n else "")
        for kind, (n, said) in told.items()
    )


def landscape() -> None:
    st.header("Where they moved", anchor=False)
    n = rows.filter(change="moved").height
    if not n:
        st.info("No score moved between the two snapshots" + (" within the filters." if selection.words else "."))
        return
    capped = f"The {ARROWS} widest of {n:,} moves. " if n > ARROWS else f"{words.counted(n, 'move')}. "
    st.html(f'<div class="vi muted">{capped}Each arrow runs from the old ratings to the new ones; thick ones cross into another '
            "band and have its colour.</div>")  # fmt: skip
    figure = moves(rows, number=ARROWS)
    with st.container(key="picture"):
        pictures.draw(figure, "moves",
                      alt="Arrows from old to new importance and satisfaction; the table below lists the same")  # fmt: skip
    downloads.figure(figure, "changes")


def crossings() -> None:
    st.header("Band crossings", anchor=False)
    crossed = rows.filter(pl.col("band_crossing").is_not_null())
    if not crossed.height:
        st.info("No outcome crossed into another band.")
        return
    counts = crossed.group_by("band_crossing").len().sort("len", "band_crossing", descending=[True, False])
    chips = "".join(
        f'<span class="chip">{text(way).replace("-&gt;", "→")}: {n:,}</span>' for way, n in counts.iter_rows()
    )
    st.html(f'<div class="vi">{chips}</div>')
    st.dataframe(
        cells(crossed.select(
            pl.col("band_crossing").str.replace("->", "→", literal=True).alias("Crossed"),
            pl.col("statement").fill_null("no statement").alias("Outcome"),
            pl.col("old_score").cast(pl.Float64).alias("Before"), pl.col("new_score").cast(pl.Float64).alias("Now"),
        ).head(LISTED)),
        key="crossings", hide_index=True, height=488, row_height=58, alt="Outcomes that crossed into another band",
        column_config={"Crossed": st.column_config.TextColumn(width=122), "Outcome": st.column_config.TextColumn(width=176),
                       "Before": st.column_config.NumberColumn(format="plain", width=58),
                       "Now": st.column_config.NumberColumn(format="plain", width=50)},
    )  # fmt: skip
    downloads.table(crossed, "band-crossings")


def parts() -> None:
    st.header("Why the widest moved", anchor=False)
    n = min(SPLIT, rows.filter(change="moved").height)
    st.html(f'<div class="vi muted">The {words.counted(n, "widest move")}: what importance and what satisfaction each did to the '
            "score. Right of the line raised it, left lowered it; the two parts add up exactly.</div>")  # fmt: skip
    figure = split_changes(rows, number=SPLIT)
    pictures.draw(figure, "split",
                  alt="For each of the widest moves the part of importance and the part of satisfaction")  # fmt: skip
    downloads.figure(figure, "why-they-moved")


def listing() -> None:
    st.header("Every change", anchor=False)
    options = {kind: f"{name} ({of_kind(kind).height:,})" for kind, name in KINDS.items()}
    kind = choose("kind", "Kind of change", options, st.segmented_control, required=True)
    found = of_kind(kind)
    if not found.height:
        st.info(f"{KINDS[kind]}: none" + (" within the filters." if selection.words else "."))
        return
    number = {name: pl.col(column).cast(pl.Float64).alias(name) for name, column in (
        ("Change", "score_change"), ("from importance", "change_from_importance"), ("from satisfaction", "change_from_satisfaction"),
        ("Score before", "old_score"), ("Score now", "new_score"), ("Imp. before", "old_importance"), ("Imp. now", "new_importance"),
        ("Sat. before", "old_satisfaction"), ("Sat. now", "new_satisfaction"))}  # fmt: skip
    wanted = [
        name for name in number if kind == "moved" or found.select(number[name])[name].null_count() < found.height
    ]
    table = found.select(
        pl.col("statement").fill_null("no statement").alias("Outcome"), pl.col("job_name").fill_null("no job").alias("Job"),
        *(number[name] for name in wanted), pl.col("outcome_code").alias("Code"),
        pl.col("matched_by").replace({"code": "job and outcome code", "id": "id"}).alias("Matched by"),
    )  # fmt: skip
    if kind in ("appeared", "vanished"):
        table = table.drop("Matched by")
    if found.height > LISTED:
        st.html(f'<div class="vi muted">The first {LISTED:,} of {found.height:,}; the files hold all.</div>')
    places = st.column_config.NumberColumn(format="plain")
    st.dataframe(cells(table.head(LISTED)), key=f"changes_{kind}", hide_index=True, height=388, alt=f"Outcomes that {KINDS[kind].lower()}",
                 column_config={"Outcome": st.column_config.TextColumn(width=340), "Job": st.column_config.TextColumn(width=200),
                                **dict.fromkeys(wanted, places)})  # fmt: skip
    downloads.table(found, f"changes-{kind.replace('_', '-')}")


def nothing_to_compare() -> None:
    words.title("There is nothing to compare yet")
    if not shown.height:
        words.nothing_shown(outcomes, selection)
    st.info(f"{NOTHING_OLDER} beside this one, of {words.instant(served.taken_at)}; a change needs two. "
            f"`vital-insights refresh {data.tenant.slug}` makes the next one, and this page then shows what moved between them. "
            "Snapshots are kept: the newest seven, and one for each of the last twelve months.")  # fmt: skip


view = session.current()
filters.carry("since", "kind")
data, selection, shown = view.data, view.selection, view.shown
outcomes, served = data.metric("opportunity"), data.insights.snapshot
older = older_snapshots(data)

if not older:
    nothing_to_compare()
else:
    names = {
        each.id: f"{words.instant(each.taken_at)} · {words.span(each.taken_at, served.taken_at)} before"
        for each in older
    }
    compared = data.compare(st.session_state["since"] if st.session_state["since"] in names else older[0].id)
    rows, placed = chosen(compared.rows) if selection.words else (compared.rows, True)
    into = rows.filter(pl.col("old_band") != "HIGH", pl.col("new_band") == "HIGH")
    out_of = rows.filter(pl.col("old_band") == "HIGH", pl.col("new_band") != "HIGH")
    n_matched = rows.filter(pl.col("matched_by").is_not_null()).height
    by_code = rows.filter(matched_by="code").height
    then = next(each for each in older if each.id == compared.older).taken_at
    since = words.instant(then).rpartition(" ")[0]
    words.title(f"{into_high(rows)} since {since} UTC" + (", within the filters" if selection.words else ""))
    with st.container(key="since_bar", horizontal=True, vertical_alignment="center"):
        st.html('<div class="vi muted">Compared with the snapshot of</div>', width="content")
        choose("since", "Older snapshot", names, st.selectbox, width=340)
    if selection.words:
        gone = (
            "what vanished is chosen as it stood in the older snapshot"
            if placed
            else f"the {compared.summary['vanished']:,} that vanished are left out, as the older snapshot does not say where they belonged"
        )
        st.html(f'<div class="vi muted">The filters choose outcomes as they stand today; {gone}.</div>')
    method_changes()
    if not rows.height and not shown.height:
        words.nothing_shown(outcomes, selection)
    else:
        figures()
        with st.container(key="wide"):
            left, right = st.columns([1.4, 1], gap="medium")
            with left, st.container(border=True):
                landscape()
            with right, st.container(border=True):
                crossings()
        if rows.filter(change="moved").height:
            with st.container(border=True):
                parts()
        with st.container(border=True):
            listing()
            st.html(f'<div class="vi muted">Outcomes are matched by their id ({n_matched - by_code:,}), and where an id '
                    f"is new by the code of the job and of the outcome ({by_code:,}).</div>")  # fmt: skip
