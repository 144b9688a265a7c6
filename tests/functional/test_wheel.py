"""What is installed from a wheel, without the checkout: the suites, the dashboard, and the marker that tells them apart."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's contents in a folder of their own, as in site-packages, beside folders that are somebody else's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True, timeout=120)
    site = folder / "site-packages"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    for name in ("dashboards", "expectations"):
        (site / name).mkdir()
        (site / name / "app.py").write_text("raise SystemExit('somebody else')")
    return site


def run(site: Path, code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=site.parent, capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def test_the_wheel_brings_the_suites_and_the_pages(installed: Path) -> None:
    code = (
        "import vital_insights; from vital_insights.settings import shipped; from vital_insights.quality import load; "
        "print(vital_insights.__file__); print(shipped('dashboards') / 'app.py'); print(len(load()))"
    )
    package, app, suites = run(installed, code).splitlines()
    assert Path(package).is_relative_to(installed)
    assert Path(app) == installed / "vital_insights" / "_shipped" / "dashboards" / "app.py"
    assert Path(app).is_file()
    assert (Path(app).parent / ".streamlit" / "config.toml").is_file()
    assert int(suites) == len(list((CHECKOUT / "expectations").glob("*.json")))


def test_every_sql_file_is_in_the_wheel(installed: Path) -> None:
    here = {path.relative_to(CHECKOUT) for path in (CHECKOUT / "vital_insights").rglob("*.sql")}
    assert here == {path.relative_to(installed) for path in installed.rglob("*.sql")}
    assert (installed / "vital_insights" / "py.typed").is_file()


def test_the_dashboard_starts_from_the_wheel_on_loopback_only(installed: Path, tmp_path: Path, free_port: int) -> None:
    command = [
        sys.executable,
        "-c",
        "from vital_insights.cli import main; main()",
        "dashboard",
        "--port",
        str(free_port),
    ]
    environment = {**os.environ, "PYTHONPATH": str(installed), "VITAL_WAREHOUSE": str(tmp_path)}
    with (tmp_path / "said").open("w") as said:
        server = subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdout=said, stderr=said, start_new_session=True
        )
    try:
        assert _answers(f"http://127.0.0.1:{free_port}/_stcore/health", server) == "ok"
        listening = subprocess.run(["cat", "/proc/net/tcp", "/proc/net/tcp6"], capture_output=True, text=True).stdout
        addresses = {
            line.split()[1].split(":")[0]
            for line in listening.splitlines()
            if line.split()[1].endswith(f":{free_port:04X}") and line.split()[3] == "0A"
        }
        assert addresses == {"0100007F"}  # 127.0.0.1, and nothing else
    finally:
        os.killpg(server.pid, 15)
        server.wait(20)


def _answers(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert server.poll() is None, "the dashboard ended"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the dashboard never answered")
