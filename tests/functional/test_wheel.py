"""What is installed from a wheel, without the checkout: the suites, the dashboard, and the marker that tells them apart."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests import worlds

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site-packages of an empty environment with the wheel in it, beside folders that are somebody else's.

    What the package needs is lent by the environment that runs the tests, without its link to the checkout.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True, timeout=300)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True, timeout=300)
    site = next((folder / "env" / "lib").glob("python*/site-packages"))
    install = [
        "-m",
        "pip",
        "--python",
        str(folder / "env/bin/python"),
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-compile",
    ]
    subprocess.run([sys.executable, *install, str(next(folder.glob("*.whl")))], check=True, timeout=120)
    (site / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    for name in ("dashboards", "expectations"):
        (site / name).mkdir()
        (site / name / "app.py").write_text("raise SystemExit('somebody else')")
    return site


def tool(site: Path, name: str) -> str:
    return str(site.parents[2] / "bin" / name)


def ran(site: Path, *words: str, cwd: Path, **told: str) -> str:
    """What the installed command printed; it must have ended well."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VITAL_", "PYTHONPATH"))}
    command = [tool(site, "vital-insights"), *words]
    done = subprocess.run(
        command, env={**kept, "COLUMNS": "200", **told}, cwd=cwd, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(site: Path, code: str) -> str:
    told = subprocess.run(
        [tool(site, "python"), "-c", code], cwd=site.parent, capture_output=True, text=True, timeout=300
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
    command = [tool(installed, "vital-insights"), "dashboard", "--port", str(free_port)]
    environment = {**os.environ, "VITAL_WAREHOUSE": str(tmp_path)}
    (tmp_path / "click.py").write_text("raise SystemExit('a file that lies here is no part of the dashboard')")
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
        server.wait(120)


def test_the_demo_runs_from_the_wheel(
    installed: Path, demo_warehouse: Path, demo_template: str, new_database: Callable[..., str], tmp_path: Path
) -> None:
    """The whole of it once: Postgres, refresh, the checks in their own process, the summary. Two of the three are there already."""
    shutil.copytree(demo_warehouse, tmp_path / "warehouse")
    tenants = json.loads(ran(installed, "tenants", "--format", "json", cwd=tmp_path))
    gone = next(tenant for tenant in tenants if tenant["slug"] == "quillmark")
    shutil.rmtree(tmp_path / "warehouse" / gone["id"])
    told = ran(installed, "demo", cwd=tmp_path, VITAL_DEMO_URL=new_database(demo_template), DASHBOARD="0")
    assert all(word in told for word in ("Aldermoor", "Quillmark", "HIGH", "Coverage", "Quality"))
    assert len(list((tmp_path / "warehouse" / gone["id"]).glob("snapshot-*.duckdb"))) == 1


def test_report_and_export_work_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    worlds.publish(tmp_path / "warehouse" / str(worlds.ACME), worlds.SMALL)
    ran(installed, "export", "acme", "-o", "acme.xlsx", cwd=tmp_path)
    ran(installed, "export", "acme", "--format", "csv", "-o", "acme", cwd=tmp_path)
    ran(installed, "report", "acme", "-o", "acme.html", cwd=tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "acme.xlsx")["opportunity"]
    with (tmp_path / "acme" / "metric" / "opportunity.csv").open(newline="") as text:
        rows = list(csv.DictReader(text))
    place = [cell.value for cell in sheet[1]].index("outcome_id")
    assert [row[place].value for row in sheet.iter_rows(min_row=2)] == [row["outcome_id"] for row in rows]
    assert len(rows) == 8
    report = (tmp_path / "acme.html").read_text(encoding="utf-8")
    assert "Plan a visit" in report
    assert "<html" in report


def _answers(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert server.poll() is None, "the dashboard ended"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the dashboard never answered")
