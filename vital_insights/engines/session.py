"""A Spark session: the one that is open, the one the user has set up, or one on this machine that leaves nothing behind."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vital_insights.errors import VitalError

JAVA = 17
# Any of these says that the user has a Spark set up, whose master, network and folders are then its own affair.
SET_UP = ("SPARK_REMOTE", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS")
OURS = {
    "spark.master": "local[*]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.catalogImplementation": "in-memory",
}
ALWAYS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # A million rows by default, fewer than the trees of a large tenant have; the files stop at 32 steps themselves.
    "spark.sql.cteRecursionRowLimit": "-1",
}
# What pays on large tables costs more than the whole answer on small ones: compiled plans, 200 tasks, plans made anew.
FOR_SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
}


@contextlib.contextmanager
def opened(*, small: bool = False) -> Iterator[Any]:
    """A SparkSession whose settings are ours alone. One that was open before stays open; one made here is stopped."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        from pyspark.sql import SparkSession

        there = SparkSession.getActiveSession()
        spark = there.newSession() if there is not None else stack.enter_context(_started())
        for name, value in {**ALWAYS, **(FOR_SMALL if small else {})}.items():
            spark.conf.set(name, value)
        yield spark


@contextlib.contextmanager
def _started() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory(prefix="vital-spark-") as folder:  # 0700: it holds a tenant
        set_up = any(name in os.environ for name in SET_UP)
        try:
            spark = SparkSession.builder.getOrCreate() if set_up else SparkSession(_on_this_machine(folder))
        except Exception as error:
            raise VitalError(f"Spark does not start ({type(error).__name__}).") from None
        try:
            yield spark
        finally:
            spark.stop()


def _on_this_machine(folder: str) -> Any:
    """A SparkContext that talks to nobody. What its Java says is dropped: the lines of a failure may quote rows."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    places = {"spark.sql.warehouse.dir": folder, "spark.local.dir": folder}
    conf = SparkConf(loadDefaults=False).setAll([*OURS.items(), *places.items()])
    running = SparkContext._gateway  # one Java a process, also after its context was stopped
    return SparkContext(conf=conf, gateway=running or launch_gateway(conf, {"stderr": subprocess.DEVNULL}))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning of a pandas newer than pyspark knows (no frame goes through pandas here), and without its logs."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        from pyspark.logger import PySparkLogger

        logs = [PySparkLogger.getLogger(name) for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger")]
        before = [log.disabled for log in logs]
        for log in logs:
            log.disabled = True
        try:
            yield
        finally:
            for log, was in zip(logs, before, strict=True):
                log.disabled = was


def require() -> None:
    """Raises VitalError where pyspark is missing, or the Java that it runs on."""
    if importlib.util.find_spec("pyspark") is None:
        raise VitalError("Spark is not installed.", hint="pip install 'vital-insights[spark]'")
    if "SPARK_REMOTE" not in os.environ:
        _require_java()


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    hint = f"install Java {JAVA} (openjdk-{JAVA}-jre-headless on Debian) and point JAVA_HOME at it"
    try:
        asked = subprocess.run([java or "", "-version"], capture_output=True, timeout=30, check=True)  # noqa: S603
        told = asked.stderr.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        where = f"at JAVA_HOME={home}" if home else "on the path"
        raise VitalError(f"Spark needs Java {JAVA}, and there is none {where}.", hint=hint) from None
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if found is None or int(found[1]) < JAVA:
        raise VitalError(f"Spark needs Java {JAVA} or newer; this is {found[1] if found else 'unknown'}.", hint=hint)
