"""Measurements in processes of their own, so that none finds the memory or the caches of another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def measured(benchmark: str, *words: str | Path) -> dict[str, Any]:
    """What a module of this folder prints as JSON when it is run with these words: seconds, megabytes, counts."""
    command = [sys.executable, "-m", benchmark, *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=1800)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
