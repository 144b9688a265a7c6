"""How far each function has come on the seven steps of collection, and where the next interview adds most."""

import downloads
import filters
import job_parts
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from choices import choose, part
from missing import OF, missing
from places import LONGEST_NAME, in_order
from style import cells, cut, text

from vital_insights.charts import progress_map
from vital_insights.charts.progress import STEPS

PAGE = {"title": "Collection progress", "icon": ":material/checklist:", "place": 8, "group": "Can I trust it"}

DOWN, LISTED = 25, 500  # functions of one picture, rows of a list
NEXT = 3  # the functions named for one step
MISSING = {  # what is counted, and what one of them, or several, are missing
    "scope": ("role", "has neither a persona nor a job", "have neither a persona nor a job"),
    "personas": ("role", "has no persona", "have no persona"),
    "evidence": ("persona", "has no evidence", "have no evidence"),
    "jobs": ("role", "has no job", "have no job"),
    "enrichment": ("job", "lacks outcomes, obstacles, KPIs, success criteria or workflow stages",
                   "lack outcomes, obstacles, KPIs, success criteria or workflow stages"),
    "ai_opportunities": ("job", "has no AI opportunity", "have no AI opportunity"),
    "validation": ("job", "was discussed with no expert and in no panel", "were discussed with no expert and in no panel"),
}  # fmt: skip
NOBODY = "In no function"
state = st.session_state


def in_tree() -> tuple[pl.DataFrame, list[str]]:
    """The rows of the metric in the order of the tree with their `depth`, and the functions that have none below them."""
    functions = data.table("functions")
    twice = functions.filter(pl.col("function_name").is_duplicated())["function_id"].to_list()
    tree = {
        row["function_id"]: (
            row["function_code"],
            cut(row["function_name"] or "without a name", LONGEST_NAME)
            + (f" ({row['function_code'] or row['function_id']})" if row["function_id"] in twice else ""),
            row["parent_id"],
        )
        for row in functions.iter_rows(named=True)
    }
    depths = dict(in_order(tree))
    order = {member: place for place, member in enumerate(depths)}
    names = {member: name for member, (_, name, _) in tree.items()}
    rows = data.metric("collection_progress").with_columns(
        pl.col("member").replace_strict(depths, default=0, return_dtype=pl.Int64).alias("depth"),
        pl.col("member").replace_strict(order, default=len(order), return_dtype=pl.Int64).alias("_place"),
        pl.col("member").replace_strict(names, default=NOBODY, return_dtype=pl.String).alias("member_name"),
    )
    parents = functions["parent_id"].to_list()
    return rows.sort("_place", "step").drop("_place"), [member for member in depths if member not in parents]


def within(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the chosen function and of what lies below it; all of them where none is chosen."""
    place = next((place for place in selection.places if place.dimension == "function"), None)
    if place is None:
        return rows
    if place.member is None:
        return rows.filter(pl.col("member").is_null())
    tree = data.table("function_tree").filter(pl.col("ancestor_id") == place.member)
    return rows.filter(pl.col("member").is_in(tree["function_id"].cast(pl.String).implode()))


def holes(step: str) -> pl.DataFrame:
    """Where one step lacks most: the lowest functions, and what is in none."""
    missing = pl.col("n_total") - pl.col("n_done")
    low = rows.filter(pl.col("step_name") == step, pl.col("member").is_in(lowest) | pl.col("member").is_null())
    found = low.with_columns(missing.alias("missing")).filter(pl.col("missing") > 0)
    return found.sort(
        "missing", "share", "member_name", "member", descending=[True, False, False, False], nulls_last=True
    )


def lacks(step: str, number: int) -> str:
    """What so many are missing at a step, in words."""
    return MISSING[step][1 if number == 1 else 2]


def next_steps() -> None:
    st.header("What to collect next", anchor=False)
    items = ""
    for step, name in STEPS.items():
        shown = name.replace("opportunities", "opportun&shy;ities")  # it breaks there in a narrow column
        unknown = rows.filter(pl.col("step_name") == step, pl.col("unknown_because").is_not_null())
        if unknown.height:
            because = unknown["unknown_because"][0]
            items += f'<li><span><b>{shown}</b></span><span class="muted">Unknown: {text(because)}.</span></li>'
            continue
        found = holes(step)
        if not found.height:
            items += f'<li><span><b>{shown}</b></span><span><span class="ok">Nothing is missing.</span></span></li>'
            continue
        said = "<br>".join(
            f"<b>{text(row['member_name'], 'without a name')}</b>: {row['missing']:,} of "
            f"{words.counted(row['n_total'], MISSING[step][0])} {lacks(step, row['missing'])}"
            for row in found.head(NEXT).iter_rows(named=True)
        )
        more = found.height - NEXT
        rest = f'<br><span class="muted">and {words.counted(more, "more function")}</span>' if more > 0 else ""
        items += f"<li><span><b>{shown}</b></span><span>{said}{rest}</span></li>"
    st.html(f'<div class="vi"><ul>{items}</ul></div>')


def chosen() -> None:
    """A mark was clicked: its function is the one whose steps are told."""
    points = state["progress"]["selection"]["points"]
    if points:
        state["unit"] = points[0]["customdata"][0] or ""


def details() -> None:
    st.header("One function, step by step", anchor=False)
    members = rows.unique("member", maintain_order=True)
    options = {row["member"] or "none": "\u2003" * row["depth"] + (row["member_name"] or "without a name")
               for row in members.iter_rows(named=True)}  # fmt: skip
    unit = choose("unit", "Function", options, st.selectbox)
    own = rows.filter(pl.col("member").is_null() if unit == "none" else pl.col("member") == unit)
    lines = ""
    for row in own.iter_rows(named=True):
        if row["n_done"] is None or row["n_total"] is None:
            said = f'<span class="muted">unknown: {text(row["unknown_because"])}</span>'
        elif not row["n_total"]:
            said = '<span class="muted">nothing to do it for</span>'
        else:
            lacking = row["n_total"] - row["n_done"]
            of = f"{words.counted(lacking, MISSING[row['step_name']][0])} {lacks(row['step_name'], lacking)}"
            left = f'<br><span class="muted">{of}</span>' if lacking else ""
            said = f"{row['n_done']:,} of {row['n_total']:,}, {words.share(row['n_done'], row['n_total'])}{left}"
        lines += f"<dt>{row['step']} {STEPS[row['step_name']]}</dt><dd>{said}</dd>"
    st.html(f'<div class="vi"><dl>{lines}</dl></div>')
    one_by_one(own, None if unit == "none" else unit)


def one_by_one(own: pl.DataFrame, member: str | None) -> None:
    """The roles, personas or jobs that a step lacks in a function; the step is a code of the address."""
    open_ = own.filter(pl.col("n_total") - pl.col("n_done") > 0)
    if not open_.height:
        return
    options = {row["step_name"]: f"{STEPS[row['step_name']]}: list the {row['n_total'] - row['n_done']:,} missing"
               for row in open_.iter_rows(named=True)}  # fmt: skip
    step = choose("step", "Step", options, st.selectbox)
    found = missing(data, step, member)
    table = cells(found.select(pl.col("code").alias("Code"), pl.col("name").fill_null("without a name").alias("Name")))
    looks = {"Code": st.column_config.TextColumn(width=130)}
    if OF[step] == "job":
        codes = job_parts.codes(data.table("jobs"))
        table = table.with_columns(leads.column("jobs", ({"job": codes[key]} for key in found["id"]), keep=False))
        looks[leads.OPEN] = leads.look("Opens the job in a new tab")
    st.dataframe(table.head(LISTED), key="missing", hide_index=True, height=min(248, 36 * (table.height + 1)), column_config=looks,
                 alt=f"What is missing for the step {STEPS[step]}")  # fmt: skip
    if found.height > LISTED:
        st.html(f'<div class="vi muted">The first {LISTED:,} of {found.height:,}; the files hold all.</div>')
    downloads.table(found, f"missing-{step.replace('_', '-')}")


view = session.current()
filters.carry("unit", "step")
data, selection = view.data, view.selection
everything, lowest = in_tree()
rows = within(everything)
behind = {step: holes(step)["missing"].sum() for step in STEPS}
done = [STEPS[step] for step in STEPS if not behind[step]
        and not rows.filter(pl.col("step_name") == step, pl.col("n_done").is_null()).height]  # fmt: skip

if rows.height:
    said = (
        f"{len(done) or 'None'} of the {len(STEPS)} steps {'are' if len(done) > 1 else 'is'} complete in every function"
    )
    words.title(said + (f" ({', '.join(done)})" if done else ""))
else:
    words.title("There is no function to collect for yet")
if not view.shown.height:
    words.nothing_shown(data.metric("opportunity"), selection)
if not rows.height:
    st.info("This tenant has no function, role, persona or job yet, or the chosen function has none. Write them in the source and "
            f"run `vital-insights refresh {data.tenant.slug}`.")  # fmt: skip
else:
    others = any(place.dimension != "function" for place in selection.places) or len(selection.words) > len(
        selection.places
    )
    if others:
        st.html(
            '<div class="vi muted">Of the filters only the function applies here: progress is counted for whole functions.</div>'
        )
    with st.container(key="wide"):
        left, right = st.columns([1.4, 1], gap="medium")
        with left, st.container(border=True):
            st.header("Seven steps, function by function", anchor=False)
            st.html('<div class="vi muted">Filled: done, of all there are. ▨ and ?: unknown, the source has no table for it. '
                    "–: nothing to do it for. A function holds everything below it.</div>")  # fmt: skip
            members = rows.select(pl.col("member").unique(maintain_order=True))
            start = part("Functions", members.height, DOWN, "pick_functions")
            here = members.slice(start, DOWN)
            figure = progress_map(rows.join(here, on="member", how="semi", nulls_equal=True, maintain_order="left"))
            pictures.draw(figure, "progress", "For each function how much of each of the seven steps is done", on_select=chosen,
                          selection_mode="points")  # fmt: skip
            with st.container(horizontal=True, vertical_alignment="center"):
                downloads.figure(figure, "collection-progress")
                downloads.table(rows.drop("depth"), "collection-progress")
        with right:
            with st.container(border=True):
                next_steps()
            with st.container(border=True):
                details()
