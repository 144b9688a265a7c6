"""Pages of somebody's own: a folder that the settings name, shown after ours, and never in the place of one of them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from vital_insights import settings

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


FAULTS = {
    "none": "print()\n",
    "syntax": "def (\n",
    "key": 'PAGE = {"title": "Mine", "place": 11}\n',
    "place": 'PAGE = {"title": "Mine", "icon": ":material/flag:", "place": "last"}\n',
    "icon": 'PAGE = {"title": "Mine", "icon": "no icon", "place": 11}\n',
    "run": 'PAGE = dict(title="Mine", icon=":material/flag:", place=11)\n',
    "list": "PAGE = [1]\n",
}


def test_a_page_that_cannot_be_opened_takes_no_other_down_and_says_so_itself(mine, app, small, monkeypatch):
    for name, written in FAULTS.items():
        (mine.parent / f"{name}.py").write_text(written)
    test = app(small)
    assert not test.exception
    assert not test.error
    import navigation

    assert {*[*navigation.declared()][-6:]} == {*FAULTS} - {"icon"}
    for name in FAULTS:
        with monkeypatch.context() as patched:
            patched.setattr(navigation, "first", lambda name=name: name)
            test = app(small)
            assert not test.exception
            assert [error.value for error in test.error] == [
                f'{name}.py has no line PAGE = {{"title": "…", "icon": ":material/star:", "place": 11}} that can be read. '
                "Write it and reload."
            ]


def test_settings_that_cannot_be_read_are_told_and_nothing_else_fails(app, small, monkeypatch, tmp_path):
    (tmp_path / settings.FILE).write_text("pages = [")
    monkeypatch.chdir(tmp_path)
    test = app(small)
    assert not test.exception
    assert len(test.error) == 1
    assert settings.FILE in test.error[0].value
