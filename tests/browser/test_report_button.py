"""The button at the foot of every page: the report of what the page shows, made when it is asked for."""

from __future__ import annotations

from pathlib import Path

import vital_insights as vi


def test_every_page_gives_the_report_with_its_filters(watch, monkeypatch, demo_warehouse) -> None:
    monkeypatch.setenv("VITAL_WAREHOUSE", str(demo_warehouse))
    with vi.open_tenant("aldermoor") as opened:
        n, taken = opened.count("opportunity", {"band": "HIGH"}), opened.snapshot.taken_at
    watched = watch()
    for path in ("/outcomes", "/method"):
        page = watched.go(f"{path}?tenant=aldermoor&band=HIGH")
        with page.expect_download(timeout=120_000) as saved:
            page.get_by_role("button", name="Report", exact=True).click()
        assert saved.value.suggested_filename == f"aldermoor-report-{taken:%Y%m%dT%H%MZ}.html"
        told = Path(saved.value.path()).read_text(encoding="utf-8")
        assert f"{n:,} of 2,422 outcomes" in told
        assert "band HIGH" in told
    assert watched.elsewhere == []
