"""A Streamlit server for as long as it is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OPTIONS = [
    "--server.headless=true",
    "--server.address=127.0.0.1",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
]


@dataclass(frozen=True)
class Server:
    """A running Streamlit."""

    url: str
    process: int

    @property
    def megabytes(self) -> float:
        """What it holds in memory now."""
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(self.process)])) / 1024

    @property
    def seconds(self) -> float:
        """The processor's time it has used."""
        words = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(script: Path, warehouse: Path) -> Iterator[Server]:
    """A script over a warehouse, on a free port of this machine; the server ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *OPTIONS]
    process = subprocess.Popen(
        command,
        env=os.environ | {"VITAL_WAREHOUSE": str(warehouse)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1):
                    break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"Streamlit did not start: {' '.join(command)}") from None
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
