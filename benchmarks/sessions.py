"""Sessions of the dashboard without a browser, fifty at once: plain websockets that ask for a page and read every byte of the answer."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import sample
from benchmarks.servers import Server, serving

SESSIONS = 50
ROUNDS = (
    4 if os.environ.get("VITAL_BENCH_QUICK") == "1" else 50
)  # memory is read after a fifth of them and after the last
LONGEST = 600  # seconds
SHORT = 500  # bytes; the end of a run is told in fewer


def rows(server: str, folder: Path, rounds: int = ROUNDS, warehouse: Path | None = None) -> Iterator[tuple[str, ...]]:
    """One row: rounds of fifty sessions, each of them new, half of them of the other tenant; every page takes its turn."""
    place = warehouse or sample.refreshed(server, folder)
    with serving(sample.DASHBOARDS / "app.py", place) as fresh:
        yield _rounds(fresh, place, rounds)


def _rounds(server: Server, warehouse: Path, rounds: int) -> tuple[str, ...]:
    own, names, memory = _names(warehouse), list(sample.pages()), {}
    foreign, seen, (one, another) = 0, 0, sample.SLUGS
    for number in range(1, rounds + 1):
        found = together(server.url, names[number % len(names)], sample.SLUGS, SESSIONS)
        for slug, other in ((one, another), (another, one)):
            sent = b"\n".join(found[slug])
            seen += sum(name in sent for name in own[slug])
            foreign += sum(name in sent for name in own[other])
        if number in (max(rounds // 5, 1), rounds):
            memory[number] = server.megabytes
    if not seen:
        raise SystemExit("No session was shown a name of its own tenant.")
    told = ", ".join(f"{held:.0f} MB after round {number}" for number, held in memory.items())
    what, n = f"{SESSIONS} sessions at once, two tenants", f"{rounds} rounds"
    return what, n, f"{foreign} foreign names", f"{seen:,} own", "(aim 0)", "", told


def _names(warehouse: Path) -> dict[str, set[bytes]]:
    """The names and statements that only one of the tenants has, as they may stand in what the server sends."""
    import vital_insights as vi
    from vital_insights.settings import Settings

    found = {}
    for slug in sample.SLUGS:
        with vi.open_tenant(slug, settings=Settings(warehouse=warehouse)) as opened:
            jobs, outcomes = opened.table("jobs"), opened.metric("opportunity")
            # Not the tenant's own name: in local use the list of tenants shows it to everybody.
            told = {*jobs["job_name"], *jobs["job_id"], *outcomes["statement"], *outcomes["outcome_id"]}
            found[slug] = {str(name).encode() for name in told if name}
    first, second = sample.SLUGS
    return {first: found[first] - found[second], second: found[second] - found[first]}


def is_over(frame: bytes) -> bool:
    """Whether a message of the server says that a run is over."""
    return len(frame) < SHORT and ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished"


async def _run(
    socket: ClientConnection, page: str, address: Mapping[str, str], script: str = ""
) -> tuple[str, list[bytes]]:
    """The hash of the page that ran, and every message of the run."""
    state = ClientState(query_string=urlencode(address), page_name=page, page_script_hash=script)
    await socket.send(BackMsg(rerun_script=state).SerializeToString())
    messages = []
    while True:
        sent = await asyncio.wait_for(socket.recv(decode=False), LONGEST)
        messages.append(sent)
        message = ForwardMsg.FromString(sent)
        kind = message.WhichOneof("type")
        if kind == "navigation":  # `new_session` comes before it is known which page is meant, and names the app
            script = message.navigation.page_script_hash
        if kind == "script_finished":
            return script, messages


def _opened(url: str) -> connect:
    return connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream", max_size=None, compression=None, ping_interval=None
    )


def rerun(url: str, page: str, address: Mapping[str, str], times: int) -> list[float]:
    """Milliseconds from asking the server to run a page once more until the run is over, in one session; the first run is not told."""

    async def asked() -> list[float]:
        found = []
        async with _opened(url) as socket:
            script, _ = await _run(socket, page, address)
            for _ in range(times + 1):
                started = time.perf_counter()
                await _run(socket, page, address, script)
                found.append(1000 * (time.perf_counter() - started))
        return found[1:]

    return asyncio.run(asked())


def together(url: str, page: str, tenants: Collection[str], sessions: int) -> dict[str, set[bytes]]:
    """What the server sent to each tenant's readers when so many sessions, in turn of this tenant and that, open a page at once."""

    async def one(tenant: str, ready: asyncio.Barrier) -> tuple[str, list[bytes]]:
        async with _opened(url) as socket:
            await ready.wait()  # all are connected before the first asks
            _, messages = await _run(socket, page, {"tenant": tenant})
            await ready.wait()  # and stay until the last is answered
            return tenant, messages

    async def all_at_once() -> list[tuple[str, list[bytes]]]:
        ready = asyncio.Barrier(sessions)
        return await asyncio.gather(*(one([*tenants][n % len(tenants)], ready) for n in range(sessions)))

    found: dict[str, set[bytes]] = {tenant: set() for tenant in tenants}
    for tenant, messages in asyncio.run(all_at_once()):
        found[tenant].update(messages)
    return found
