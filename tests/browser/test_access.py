"""The door: who is taken for a reader at this machine. Everything else is refused."""

import sys

import pytest

from .conftest import DASHBOARDS

sys.path.insert(0, str(DASHBOARDS))
from access import refusal  # the dashboard is a folder of scripts, no package


@pytest.mark.parametrize("listens_on", ["127.0.0.1", "localhost", "::1", "127.0.0.53"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost", "LOCALHOST.:80"])
def test_this_machine_is_let_in(listens_on, host):
    assert refusal(listens_on, {"Host": host}) is None


@pytest.mark.parametrize("listens_on", [None, "", "0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_a_server_that_listens_beyond_this_machine_shows_nothing(listens_on):
    said = refusal(listens_on, {"Host": "localhost:8501"})
    assert "listens beyond this machine" in said
    assert "Start it with `vital-insights dashboard`" in said


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.org",
        "localhost.example.org",
        "127.0.0.1.example.org:8501",
        "192.168.1.5:8501",
        "[::2]:8501",
        "0.0.0.0:8501",
        "localhost@example.org",
        "2130706433",
    ],
)
def test_a_request_by_another_name_shows_nothing(host):
    said = refusal("127.0.0.1", {"Host": host})
    assert "did not come to localhost" in said
    assert "Open it on the machine it runs on" in said


def test_a_request_without_headers_shows_nothing():
    assert refusal("127.0.0.1", {})


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP"],
)
def test_a_forwarded_request_shows_nothing(header):
    assert "forwarded" in refusal("127.0.0.1", {"host": "localhost:8501", header: "localhost"})


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://0.0.0.0:9999", "null", "http://localhost.evil.example"]
)
def test_a_request_that_another_site_sent_shows_nothing(origin):
    assert "another site" in refusal("127.0.0.1", {"host": "localhost:8501", "Origin": origin})
    assert refusal("127.0.0.1", {"host": "localhost:8501", "Origin": "http://127.0.0.1:8501"}) is None
