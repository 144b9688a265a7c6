"""Where people work as a filter and a comparison, and the page that says what the source has; run without a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import polars as pl
import pytest

from tests import worlds
from tests.functional.test_where import WORLD
from vital_insights import insights
from vital_insights.reports.lacking import entries
from vital_insights.reports.report import report
from vital_insights.settings import Settings

from .conftest import html


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    """One tenant whose roles work in France, as the source says."""
    folder = tmp_path_factory.mktemp("working")
    worlds.publish(folder / str(worlds.ACME), WORLD)
    return folder


def test_a_country_of_the_address_chooses_what_is_done_there(app, working):
    test = app(working, "outcomes.py", country="FR")
    assert not test.exception
    assert "5 of 9 outcomes" in html(test)
    assert "filters: country France" in html(test)
    assert test.selectbox(key="pick_country").value == "FR"
    nowhere = html(app(working, "outcomes.py", country="none"))
    assert "4 of 9 outcomes" in nowhere
    assert "filters: in no country" in nowhere
    unknown = html(app(working, "outcomes.py", country="XX"))
    assert "country “XX”" in unknown
    assert "9 of 9 outcomes" in unknown


def test_what_a_snapshot_does_not_say_has_no_field_and_is_told(app, working, small):
    test = app(working)
    fields = {each.key for each in test.selectbox}
    assert "pick_country" in fields
    assert not {"pick_geographic_scope", "pick_therapeutic_area", "pick_disease_area"} & fields
    assert "No filter by geographic scopes or therapeutic areas or disease areas" in html(test)
    assert "No filter by countries or geographic scopes" in html(app(small))
    assert "the address asks for country “FR”" in html(app(small, country="FR"))


def test_countries_stand_side_by_side_and_lead_to_their_outcomes(app, working, small):
    test = app(working, "compare.py", by="country")
    assert not test.exception
    assert "France holds 1 of them" in html(test)
    assert "country=FR" in html(test)
    assert "belongs to one of the countries" in app(small, "compare.py", by="country").info[0].value


def test_a_snapshot_from_before_there_were_areas_opens_every_filter_it_has(app, tmp_path):
    worlds.publish(tmp_path / str(worlds.ACME), worlds.SMALL, without=["model.areas", "metric.platform_inventory"])
    assert not app(tmp_path, "compare.py", by="country").exception
    test = app(tmp_path, "inventory.py")
    assert not test.exception
    assert "This snapshot does not say what its source has" in html(test)
    assert "refresh acme" in test.info[0].value


def test_the_inventory_lists_every_table_by_part_and_state(app, displayed):
    with insights.open_tenant("aldermoor", settings=Settings(warehouse=displayed)) as opened:
        tables = opened.metric("platform_inventory")
    test = app(displayed, "inventory.py", tenant="aldermoor")
    assert not test.exception
    assert f'<h1 class="vi">All {tables.height} tables of the platform are in this source' in html(test)
    parts, listed, _ = (each.value for each in test.dataframe)
    assert dict(zip(parts["Part of the platform"], parts["Entries"], strict=True))["Jobs and outcomes"] == (
        tables.filter(area="jobs")["n_rows"].sum()
    )
    assert sorted(listed["Name in the source"]) == sorted(tables["table_name"])
    counted = app(displayed, "inventory.py", tenant="aldermoor", have="counted").dataframe[1].value
    assert set(counted["Name in the source"]) == set(tables.filter(how="counts")["table_name"])
    some = app(displayed, "inventory.py", tenant="aldermoor", area="agents", have="empty").dataframe[1].value
    assert some.empty == tables.filter((pl.col("area") == "agents") & (pl.col("n_rows") == 0)).is_empty()
    test.text_input(key="pick_table").set_value("job kpi").run()
    assert list(test.dataframe[1].value["Name in the source"]) == ["jtbd_kpis"]
    assert re.search(r"1 table of \d+", html(test))


def test_what_is_wholly_absent_has_an_unknown_number_of_entries(app, working):
    some = pl.DataFrame({"area": ["a", "a", "b", "b"], "n_rows": [None, None, None, 3]})
    assert dict(some.group_by("area").agg(entries()).iter_rows()) == {"a": None, "b": 3}
    test = app(working, "inventory.py")  # a snapshot made without a source: its inventory has nothing
    parts = test.dataframe[0].value
    assert parts["Entries"].isna().all()
    assert parts["With rows"].isna().all()
    assert "Entries<b>–</b>" in html(test)
    with insights.open_tenant("acme", settings=Settings(warehouse=working)) as opened:
        [told] = [each for each in report(opened).sections if each.key == "lacking"]
    assert {row[4] for row in told.tables[0].rows} == {"unknown"}


def test_who_uses_the_platform_is_counted_by_role_and_unknown_is_said(app, tmp_path):
    members = [("owner", 1), ("admin", 2), (None, 1)]
    world = {
        "tenant_members": [{"role": role, "n": n} for role, n in members],
        "tenants": [{"id": worlds.ACME, "name": "Acme", "status": "active", "tier": "<b>gold</b>"}],
        "api_keys": [{"day": datetime(2026, 2, 3, tzinfo=UTC), "n": 2}, {"n": 1}],
    }  # fmt: skip
    worlds.publish(tmp_path / str(worlds.ACME), {**WORLD, **world})
    test = app(tmp_path, "inventory.py")
    rows = test.dataframe[2].value
    assert dict(zip(rows["Role"], rows["Members"], strict=True)) == {
        "Owner": 1, "Admin": 2, "Manager": 0, "Member": 0, "Guest": 0, "Viewer": 0, "No role stated": 1,
    }  # fmt: skip
    assert list(rows["Share"])[:3] == [25, 50, 0]
    assert "<b>4 members</b>. <b>3 keys</b> for programs, the newest made 3 Feb 2026." in html(test)
    assert "Tier: &lt;b&gt;gold&lt;/b&gt;." in html(test)
    gone = [{"kind": "missing_table", "table_name": name, "n": 1} for name in ("tenant_members", "api_keys")]
    worlds.publish(tmp_path / str(worlds.ACME), {**WORLD, "findings": gone})
    said = html(app(tmp_path, "inventory.py"))
    assert "How many members the tenant has is unknown: the source has no table of them." in said
    assert "How many keys for programs is unknown: the source has no table of them." in said


def test_the_capability_map_stands_where_capabilities_are_compared(app, tmp_path):
    capability = {"id": worlds.uid("c"), "name": "Listen well", "domain_id": worlds.uid("m")}
    mapped = {
        "domains": [{"id": worlds.uid("m"), "name": "Care"}], "capabilities": [capability],
        "capability_jtbd_mapping": [{"jtbd_id": worlds.uid("j1"), "capability_id": worlds.uid("c")}],
    }  # fmt: skip
    worlds.publish(tmp_path / str(worlds.ACME), {**WORLD, **mapped})
    test = app(tmp_path, "compare.py", by="capability")
    assert not test.exception
    *_, tree, jobs = (each.value for each in test.dataframe)
    shown = {
        name.strip(): (n_jobs, n)
        for name, n_jobs, n in zip(tree.iloc[:, 0], tree["Jobs"], tree["Outcomes"], strict=True)
    }
    assert shown == {"Care": (1, 5), "Listen well": (1, 5), "In no domain": (1, 4), "serving no capability": (1, 4)}
    assert jobs["Job"].tolist() == ["Plan a visit"]
    assert "job=J-1" in jobs["Rows"][0]
    worlds.publish(tmp_path / str(worlds.ACME), {**WORLD, **mapped}, without=["metric.capability_map"])
    assert "made before capabilities were mapped" in html(app(tmp_path, "compare.py", by="capability"))
    assert "capability_map" not in {each.key for each in app(tmp_path, "compare.py", by="role").dataframe}
