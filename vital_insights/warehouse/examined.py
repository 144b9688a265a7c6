"""Whether anybody ever examined a job or a persona, in words: a score that nobody looked at is an opinion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from vital_insights.warehouse.reader import Reader

READS = ("subject_type", "subject_id", "n_consultations", "n_panels", "n_talks", "n_agreed", "n_votes", "n_feedback",
         "newest_change")  # fmt: skip
UNKNOWN = "whether anybody examined this job is unknown"
NOT_TOLD = f"{UNKNOWN}: the snapshot was made by an older version; a new refresh will tell"
_ABOUT = "subject_type = 'job' and subject_id = try_cast(? as uuid)"


def of_job(reader: Reader, job_id: str | None) -> str:
    """In what the job of a score was examined and when last, or why that is unknown: one sentence without its full stop."""
    if job_id is None:
        return "nobody can have examined its job: it belongs to none"
    if not set(READS) <= reader.tables.get("metric.validation_activity", {}).keys():
        return NOT_TOLD
    found = reader.frame(f"select {', '.join(READS)} from snapshot.metric.validation_activity where {_ABOUT}", [job_id])
    return sentence(found.row(0, named=True)) if found.height else f"{UNKNOWN}: the snapshot does not tell of it"


def sentence(row: Mapping[str, Any]) -> str:
    """The same of a row of `validation_activity`."""
    what, talks = row["subject_type"], {"consultation": row["n_consultations"], "panel": row["n_panels"]}
    if row["n_talks"] is None:
        because = "the source does not say what consultations and panels are about"
        return f"whether anybody examined this {what} is unknown: {because}"
    silent = [f"{kind}s" for kind, n in talks.items() if n is None]
    aside = f"; which {silent[0]} were about it the source does not say" if silent else ""
    if not row["n_talks"]:
        asked = " and ".join(f"no {kind}" for kind, n in talks.items() if n is not None)
        return f"nobody has examined this {what} yet: {asked} is about it{aside}"
    held = " and ".join(_counted(n, kind) for kind, n in talks.items() if n)
    at = row["newest_change"]
    last = "without a date" if at is None else f"last on {at.astimezone(UTC):%-d %b %Y}"
    came = [f"consensus in {_counted(row['n_agreed'], 'panel')}"] if row["n_agreed"] else []
    came += [_counted(row[name], one) for name, one in (("n_votes", "vote"), ("n_feedback", "comment")) if row[name]]
    return f"this {what} was examined in {held}, {last}{'; ' if came else ''}{', '.join(came)}{aside}"


def _counted(n: int, one: str) -> str:
    return f"{n:,} {one}{'' if n == 1 else 's'}"
