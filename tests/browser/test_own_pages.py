"""Pages of somebody's own: a folder that the settings name, shown after ours, and never in the place of one of them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from .conftest import html

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "6_extending_it.ipynb"


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page that the notebook shows how to write, as its own cell writes it."""
    (tmp_path / "pages").mkdir()
    [cell] = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if '"unmet_need.py"' in cell.source]
    exec(cell.source, {"mine": tmp_path})
    monkeypatch.setenv("VITAL_PAGES", str(tmp_path / "pages"))
    return tmp_path / "pages" / "unmet_need.py"


def test_a_page_of_ones_own_is_found_and_drawn_like_ours(app, small, mine):
    test = app(small, "overview.py")
    test.switch_page(str(mine)).run()
    assert not test.exception
    assert "Which jobs hold most of what is left to do?" in html(test)
    assert len(test.get("plotly_chart")) == 1
    assert 'class="vi foot"' in html(test)  # what it rests on, as below every page


def test_it_stands_after_ours_and_takes_the_place_of_none(mine, app, small):
    (mine.parent / "overview.py").write_text('PAGE = {"title": "Not ours", "icon": ":material/flag:", "place": 0}\n')
    app(small)
    import navigation

    told = navigation.declared()
    assert [*told][-1] == "unmet_need"
    assert told["overview"]["title"] == "Overview"
    assert navigation.first() == "overview"
