"""The command line, run in this process: as quick as a call, with the exit code and the words of the installed command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vital_insights import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("check", "acme", VITAL_…=…)` in an empty folder gives the exit code, what was printed, and the errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("VITAL_WAREHOUSE", "VITAL_SOURCE_URL", "VITAL_CHECKS"):
        monkeypatch.delenv(name, raising=False)

    def running(*words: str, **environment: str) -> tuple[int, str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["vital-insights", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return running
