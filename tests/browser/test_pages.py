"""Every page for every sample tenant, without a browser: no exception, the oracle's numbers, and honest empty states."""

from __future__ import annotations

import shutil

import pytest

from .conftest import DASHBOARDS, TENANTS, html
from .oracle import Oracle

PAGES = sorted(path.name for path in (DASHBOARDS / "pages").glob("*.py"))


@pytest.mark.parametrize("file", PAGES)
@pytest.mark.parametrize("tenant", TENANTS)
def test_a_page_renders_with_its_footer(look, demo_warehouse, tenant, file):
    test, bands = look(demo_warehouse, file, tenant=tenant), Oracle(demo_warehouse, tenant).bands()
    assert not test.exception
    assert not test.error
    assert '<h1 class="vi">' in html(test)
    assert f"{bands.total():,} of {bands.total():,} outcomes shown" in html(test)
    assert "filters: none" in html(test)
    assert "bands vital-v1: HIGH above 12, MEDIUM 8 to 12, LOW below 8, UNSCORED without a score" in html(test)


@pytest.mark.parametrize("file", PAGES)
def test_a_page_of_an_empty_tenant_says_why(app, empty, file):
    test = app(empty, file)
    assert not test.exception
    assert not test.error
    if file not in ("method.py", "inventory.py"):  # what they tell needs no data
        assert "`vital-insights refresh TENANT`" in " ".join(each.value for each in test.info)


@pytest.mark.parametrize("file", ["overview.py", "landscape.py"])
@pytest.mark.parametrize("tenant", TENANTS)
def test_a_page_about_opportunity_says_the_finding_with_its_denominator(look, demo_warehouse, tenant, file):
    test, bands = look(demo_warehouse, file, tenant=tenant), Oracle(demo_warehouse, tenant).bands()
    assert not test.exception
    assert not test.error
    assert f'<h1 class="vi">{bands["HIGH"]:,} of {bands.total():,} outcomes are HIGH opportunities' in html(test)


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_overview_counts_every_band_with_the_unscored(look, demo_warehouse, tenant):
    said = html(look(demo_warehouse, tenant=tenant))
    bands = Oracle(demo_warehouse, tenant).bands()
    assert bands["UNSCORED"]
    for band in ("HIGH", "MEDIUM", "LOW", "UNSCORED"):
        assert f"<div>{band}<b>{bands[band]:,}</b>" in said


@pytest.mark.parametrize("file", PAGES)
def test_filters_of_the_address_choose_what_the_oracle_chooses(app, demo_warehouse, file):
    oracle = Oracle(demo_warehouse, "aldermoor")
    function = max(oracle.jobs_of, key=lambda code: (len(oracle.jobs_of[code]) < 100, len(oracle.jobs_of[code]), code))
    bands = oracle.bands(function, "speed")
    test = app(demo_warehouse, file, tenant="aldermoor", function=function, type="speed", band="HIGH,UNSCORED")
    assert not test.exception
    shown = bands["HIGH"] + bands["UNSCORED"]
    assert shown
    assert f"{shown:,} of {len(oracle.outcomes):,} outcomes shown" in html(test)
    assert "type speed, band HIGH or UNSCORED" in html(test)
    assert test.button(key="reset").label == "Reset 3"


def test_a_search_is_plain_text(app, demo_warehouse):
    test = app(demo_warehouse, tenant="aldermoor", search="(")
    assert not test.exception
    assert "containing “(”" in html(test)


@pytest.mark.parametrize("file", ["overview.py", "landscape.py"])
def test_what_matches_nothing_says_why_and_the_way_out(app, demo_warehouse, file):
    test = app(demo_warehouse, file, tenant="aldermoor", search="no such words anywhere")
    assert not test.exception
    assert "matches all filters" in test.info[0].value
    test.button(key="way_out").click().run()
    assert not test.exception
    assert "filters: none" in html(test)


def test_unknown_codes_are_reported_and_filter_nothing(app, demo_warehouse):
    test = app(demo_warehouse, tenant="aldermoor", function="<b>nope</b>", band="EXTREME")
    assert not test.exception
    assert "Not applied:" in html(test)
    assert "function “&lt;b&gt;nope&lt;/b&gt;”, band “EXTREME”" in html(test)
    bands = Oracle(demo_warehouse, "aldermoor").bands()
    assert f"{bands.total():,} of {bands.total():,} outcomes shown" in html(test)


def test_an_unknown_tenant_shows_no_other(app, demo_warehouse):
    test = app(demo_warehouse, tenant="somebody-else")
    assert not test.exception
    assert "does not exist here" in test.warning[0].value
    assert "Choose one in the list above" in test.warning[0].value
    assert len(test.selectbox(key="pick_tenant").options) == len(TENANTS)
    assert "outcomes shown" not in html(test)


def test_another_tenant_starts_without_the_filters_of_the_last(app, demo_warehouse):
    test = app(demo_warehouse, tenant="aldermoor", type="speed")
    test.selectbox(key="pick_tenant").select("carewick").run()
    assert not test.exception
    assert "Tenant <b>Carewick" in html(test)
    assert "filters: none" in html(test)


def test_a_warehouse_without_tenants_says_what_to_do(app, tmp_path):
    test = app(tmp_path)
    assert not test.exception
    for step in ("vital-insights tenants --source", "vital-insights refresh TENANT", "VITAL_WAREHOUSE"):
        assert f"`{step}`" in test.info[0].value


def test_a_damaged_snapshot_is_an_error_and_never_no_data(app, demo_warehouse, tmp_path):
    warehouse = tmp_path / "warehouse"
    shutil.copytree(demo_warehouse, warehouse)
    for snapshot in warehouse.glob("*/*.duckdb"):
        snapshot.chmod(0o600)
        snapshot.write_bytes(snapshot.read_bytes()[: snapshot.stat().st_size // 2])
    test = app(warehouse)
    assert not test.exception
    assert test.error
    assert not test.info
    assert "outcomes shown" not in html(test)


def test_a_range_lists_what_lies_inside_and_show_all_ends_it(app, demo_warehouse):
    test = app(demo_warehouse, "landscape.py", tenant="aldermoor")
    test.number_input(key="importance_from").set_value(8.5).run()
    test.number_input(key="satisfaction_to").set_value(5.0).run()
    assert not test.exception
    inside = Oracle(demo_warehouse, "aldermoor").inside("8.5", "10", "0", "5.0")
    assert test.header[0].value == f"{inside:,} outcomes in the range"
    test.switch_page("pages/overview.py").run()
    test.switch_page("pages/landscape.py").run()
    assert test.header[0].value == f"{inside:,} outcomes in the range"
    assert test.number_input(key="importance_from").value == 8.5
    test.button(key="everything").click().run()
    assert test.header[0].value == "Highest opportunity first"


def test_the_card_works_the_sum_out(look, demo_warehouse):
    said = html(look(demo_warehouse, "landscape.py", tenant="aldermoor"))
    top = max(
        (outcome for outcome in Oracle(demo_warehouse, "aldermoor").outcomes if outcome.score is not None),
        key=lambda o: o.score,
    )
    assert f"= {top.score.normalize():f}" in said.replace(".0<", "<")


def test_nobody_beyond_this_machine_sees_anything(app, demo_warehouse, monkeypatch):
    import session

    monkeypatch.setattr(session, "headers", lambda: {"Host": "dashboard.example.org"})
    test = app(demo_warehouse)
    assert not test.exception
    assert test.header[0].value == "Nothing to show here"
    assert not test.selectbox
    assert "Aldermoor" not in html(test)
