"""Shared use: a real OpenID Connect provider, a real browser, and everybody who must see nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
import streamlit as st
from playwright.sync_api import Browser, Page, expect

from tests import worlds
from vital_insights import access
from vital_insights.access import Members
from vital_insights.tenancy import Tenant

from .conftest import DASHBOARDS, PATIENT, answers, free_port, serve, stop

ACME, BETA = worlds.ACME, UUID("bbbbbbbb-0000-4000-8000-000000000002")
KEY = "a-key-for-tests-" + "k" * 32
ANNA, BEN, EVE, UNSURE = (f"{name}@example.org" for name in ("anna", "ben", "eve", "unsure"))
MARKUP = "<b>`[x](http://evil.example)`"
TOKENS = {ACME: "zebrafink of acme", BETA: "kingfisher of beta"}
CLOSED = "Nothing to show here"


def person(sub: str, **claims: object) -> dict[str, object]:
    return {"sub": sub, "email": sub, "email_verified": True} | claims


PEOPLE = [
    person(ANNA), person(BEN, email=" Ben@EXAMPLE.org"), person(EVE), person(MARKUP), person(UNSURE, email=ANNA, email_verified=False),
    person("text", email=ANNA, email_verified="true"), person("silent", email=ANNA, email_verified=None), person("nobody", email=""),
]  # fmt: skip


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an OpenID Connect provider on loopback that knows a few people: a process of its own."""
    port, log = free_port(), tmp_path_factory.mktemp("provider") / "log"
    people = [word for each in PEOPLE for word in ("--user-claims", json.dumps(each))]
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people], stdout=told, stderr=told
        )
    url = f"http://127.0.0.1:{port}"
    try:
        assert answers(process, f"{url}/.well-known/openid-configuration"), log.read_text()
        yield url
    finally:
        stop(process)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of two tenants, without lists of members."""
    warehouse = tmp_path_factory.mktemp("published")
    for tenant, slug in ((ACME, "acme"), (BETA, "beta")):
        job = {"id": worlds.uid(slug), "name": TOKENS[tenant], "status": "active", "domain_id": worlds.uid("domain")}
        outcome = {
            "jtbd_id": job["id"],
            "outcome_statement": TOKENS[tenant],
            "importance_score": 10,
            "satisfaction_score": 1,
        }
        rows = worlds.SMALL | {
            "domains": [{"id": worlds.uid("domain"), "name": "Access", "code": "A"}],
            "jobs_to_be_done": [*worlds.SMALL["jobs_to_be_done"], job],
            "jtbd_outcomes": [*worlds.SMALL["jtbd_outcomes"], {"id": worlds.uid(f"{slug} o")} | outcome],
        }
        worlds.publish(warehouse / str(tenant), rows, tenant, slug)
    return warehouse


def listed(
    warehouse: Path, tenant: UUID, *addresses: str, status: str = "active", key: str = KEY, days: float = 0
) -> None:
    """What a refresh so many days ago would have left."""
    slug, secret = ("acme" if tenant == ACME else "beta"), key.encode()
    members = Members(access.hashed(secret, tenant, addresses))
    at = datetime.now(UTC) - timedelta(days=days)
    access.write(warehouse / str(tenant), Tenant(slug, tenant, slug.title(), status), members, secret, at)


def started(folder: Path, warehouse: Path, auth: str, **variables: str) -> tuple[object, str]:
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "secrets.toml").write_text(auth)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        for name, value in variables.items():
            patch.setenv(name, value)
        return serve(DASHBOARDS / "app.py", folder, warehouse)


def auth(provider: str, section: str = "[auth]") -> str:
    return (
        f'[auth]\nredirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"\ncookie_secret = "{"c" * 40}"\n'
        f'{"" if section == "[auth]" else section}\nclient_id = "vital"\nclient_secret = "x"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )


@pytest.fixture(scope="module")
def shared(provider: str, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A dashboard with a login: its address and its warehouse, whose lists of members each test writes."""
    warehouse = tmp_path_factory.mktemp("shared") / "warehouse"
    shutil.copytree(published, warehouse)
    process, url = started(tmp_path_factory.mktemp("server"), warehouse, auth(provider), VITAL_ACCESS_KEY=KEY)
    yield SimpleNamespace(url=url, warehouse=warehouse)
    stop(process)


@pytest.fixture(autouse=True)
def lists(request: pytest.FixtureRequest) -> None:
    """Anna is a member of acme, Ben of both, and nobody else of anything."""
    if "shared" in request.fixturenames:
        warehouse = request.getfixturevalue("shared").warehouse
        listed(warehouse, ACME, ANNA, BEN)
        listed(warehouse, BETA, BEN)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visit(url)` opens a page in a browser that has never been here; it keeps every byte that arrived in `page.heard`."""
    contexts = []

    def open_(url: str, **options: object) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENT)
        page = context.new_page()
        page.heard = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.heard.append(_bytes(frame))))
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


def log_in(page: Page, sub: str) -> None:
    page.get_by_role("button", name="Log in").click()
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("button", name="Log out").wait_for()
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_selector(f'.vi.foot, h2:has-text("{CLOSED}")')
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def refused(page: Page, *, said: str) -> None:
    """Nothing but a sentence: not one word of any tenant reached the browser."""
    expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
    expect(page.get_by_text(re.compile(said))).to_be_visible()
    expect(page.locator('.vi.foot, [data-testid="stSelectbox"]')).to_have_count(0)
    nothing_of(page, ACME, BETA)


def nothing_of(page: Page, *tenants: UUID, wished: str = "") -> None:
    """Nothing of these tenants was sent; `wished` is what the reader's own address says, and may come back."""
    heard = b"".join(page.heard)
    assert len(heard) > 500
    for tenant in tenants:
        for word in (TOKENS[tenant], str(tenant), "Acme" if tenant == ACME else "Beta"):
            assert word in wished or word.encode() not in heard


def test_whoever_is_not_logged_in_sees_a_button_and_a_member_sees_the_own_tenant(shared, visit, shot):
    page = visit(shared.url)
    settled(page)
    refused(page, said="Log in to see your tenant")
    shot(page, "login")
    log_in(page, ANNA)
    expect(page.locator(".vi.foot")).to_contain_text("Acme")
    assert TOKENS[ACME].encode() in b"".join(page.heard)
    nothing_of(page, BETA)
    shot(page, "logged-in")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(lambda url: not url.startswith(shared.url))  # the provider is told as well, and asks
    page.goto(shared.url)
    settled(page)
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert page.locator(".vi.foot").count() == 0


@pytest.mark.parametrize(
    ("sub", "said"),
    [
        (EVE, "You are logged in as eve@example.org, and no tenant here lists"),
        (MARKUP, re.escape("logged in as <b>'[x](http://evil.example)', and")),
        (UNSURE, "is not verified"),
        ("text", "is not verified"),
        ("silent", "is not verified"),
        ("nobody", "names no e-mail address"),
    ],
)
def test_whoever_is_no_verified_member_sees_nothing(shared, visit, shot, sub, said):
    page = visit(shared.url)
    log_in(page, sub)
    refused(page, said=said)
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    assert page.locator('a[href*="evil"]').count() == 0
    shot(page, f"refused-{[each['sub'] for each in PEOPLE].index(sub)}")


def test_an_address_is_the_same_however_it_is_spelt_and_a_member_of_two_chooses(shared, visit):
    page = visit(shared.url)
    log_in(page, BEN)
    expect(page.locator(".vi.foot")).to_contain_text("Acme")
    page.goto(f"{shared.url}/?tenant=beta")
    settled(page)
    expect(page.locator(".vi.foot")).to_contain_text("Beta")


@pytest.fixture
def anna(shared, visit) -> Page:
    """A browser session of Anna, a member of acme, in which nothing of any tenant has arrived."""
    listed(shared.warehouse, ACME, BEN)
    page = visit(shared.url)
    log_in(page, ANNA)
    refused(page, said="no tenant here lists")
    return page


def test_a_tenant_in_the_address_is_a_wish_and_no_right(shared, anna):
    listed(shared.warehouse, ACME, ANNA, BEN)
    for path in ("/?tenant=beta", f"/?tenant={BETA}", "/landscape?tenant=beta", "/?tenant=../beta", "/?tenant=gamma"):
        anna.heard.clear()
        anna.goto(shared.url + path)
        expect(anna.get_by_text("not yours to see, or that does not exist")).to_be_visible()
        nothing_of(anna, BETA, wished=path)


def test_a_tenant_that_is_closed_or_a_list_that_is_old_shows_nothing(shared, anna):
    for change, said in (
        ({"status": "suspended"}, "account is not active"),
        ({"days": 7.1}, "has not been renewed for too long"),
        ({"status": "cancelled"}, "account is not active"),
        ({"key": "another" * 8}, "made with another access key"),
        ({"status": "churned"}, "account is not active"),
    ):
        listed(shared.warehouse, ACME, ANNA, **change)
        anna.reload()
        settled(anna)
        refused(anna, said=said)


def gone(mine: Path, theirs: Path) -> None:
    mine.unlink()


def copied(mine: Path, theirs: Path) -> None:
    listed(theirs.parents[1], BETA, ANNA)
    shutil.copy(theirs, mine)
    listed(theirs.parents[1], BETA, BEN)


def edited(mine: Path, theirs: Path) -> None:
    listed(mine.parents[1], ACME, ANNA, days=30)
    mine.write_text(json.dumps(json.loads(mine.read_text()) | {"read_at": datetime.now(UTC).isoformat()}))


def linked(mine: Path, theirs: Path) -> None:
    mine.rename(mine.with_name("kept.json"))
    mine.symlink_to("kept.json")


def opened(mine: Path, theirs: Path) -> None:
    mine.chmod(0o644)


def test_a_list_that_somebody_laid_hands_on_shows_nothing(shared, anna):
    mine, theirs = (shared.warehouse / str(tenant) / access.FILE for tenant in (ACME, BETA))
    for spoil in (gone, copied, edited, linked, opened):
        mine.unlink(missing_ok=True)
        listed(shared.warehouse, ACME, ANNA)
        spoil(mine, theirs)
        anna.reload()
        settled(anna)
        refused(anna, said="no tenant here lists")
    mine.unlink()
    listed(shared.warehouse, ACME, ANNA)
    anna.reload()
    settled(anna)
    expect(anna.locator(".vi.foot")).to_contain_text("Acme")  # it was the list and nothing else


def test_whoever_loses_access_loses_it_between_two_reruns(shared, visit):
    page = visit(shared.url)
    log_in(page, ANNA)
    expect(page.locator(".vi.foot")).to_contain_text("Acme")
    listed(shared.warehouse, ACME, BEN)
    page.get_by_role("button", name="Where to act").click()
    page.get_by_role("menuitem", name="Landscape", exact=True).click()
    page.get_by_role("heading", name=CLOSED).wait_for()
    expect(page.locator(".vi.foot")).to_have_count(0)  # what the run before drew goes when this one ends
    listed(shared.warehouse, ACME, ANNA)
    page.reload()
    settled(page)
    expect(page.locator(".vi.foot")).to_contain_text("Acme")


def test_a_part_of_a_page_that_is_redrawn_alone_is_refused_as_well(shared, visit):
    page = visit(shared.url)
    log_in(page, ANNA)
    page.goto(f"{shared.url}/landscape")
    settled(page)
    listed(shared.warehouse, ACME, BEN)
    field = page.get_by_role("spinbutton").first
    field.fill("5")
    field.press("Enter")
    page.get_by_role("heading", name=CLOSED).wait_for()


def test_headers_and_cookies_that_claim_an_identity_are_not_believed(shared, visit):
    forged = {"X-Forwarded-User": ANNA, "X-Forwarded-Email": ANNA, "Remote-User": ANNA, "X-Forwarded-Host": "localhost"}
    page = visit(shared.url, extra_http_headers=forged)
    settled(page)
    refused(page, said="Log in to see your tenant")
    claims = json.dumps({"is_logged_in": True, "email": ANNA, "email_verified": True, "origin": shared.url})
    for value in (
        claims.encode().hex(),
        f"2|1:0|10:1700000000|15:_streamlit_user|{len(claims)}:{claims.encode().hex()}|{'0' * 64}",
    ):
        page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": shared.url}])
        page.reload()
        settled(page)
        refused(page, said="Log in to see your tenant")


@pytest.mark.parametrize(
    ("secrets", "key", "said"),
    [
        ("[auth\n", KEY, "cannot be used: its part of secrets.toml is not whole or cannot be read"),
        ("whole", None, "no access key that can be used"),
        ("whole", "short", "no access key that can be used"),
    ],
)
def test_a_login_that_is_half_set_up_shows_nothing_also_on_this_machine(
    published, provider, visit, tmp_path, monkeypatch, secrets, key, said
):
    text = auth(provider, section="[auth.example]") if secrets == "whole" else secrets
    monkeypatch.delenv("VITAL_ACCESS_KEY", raising=False)
    process, url = started(tmp_path / "server", published, text, **({"VITAL_ACCESS_KEY": key} if key else {}))
    try:
        page = visit(url)
        settled(page)
        if secrets == "whole":
            page.get_by_role("button", name="Log in with example").wait_for()
            log_in(page, ANNA)
        refused(page, said=said)
    finally:
        stop(process)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({}, "cannot be used: its part of `secrets.toml` is not whole or cannot be read"),
        ({"client_id": "vital", "client_secret": "x", "redirect_uri": "http://127.0.0.1/oauth2callback"}, "is not whole"),
        (
            {"client_id": "vital", "client_secret": "x", "redirect_uri": "x", "server_metadata_url": "x", "cookie_secret": "xxx"},
            "`cookie_secret` is shorter than 32",
        ),
    ],
)  # fmt: skip
def test_a_login_that_is_half_written_is_refused_before_anybody_is_asked(app, published, monkeypatch, part, said):
    monkeypatch.setenv("VITAL_ACCESS_KEY", KEY)
    monkeypatch.setattr(st, "secrets", {"auth": part})
    test = app(published)
    assert not test.exception
    assert test.header[0].value == CLOSED
    assert said in " ".join(each.value for each in test.markdown)
    assert not test.selectbox
    for word in (*TOKENS.values(), "Acme", "Beta"):
        assert word not in str(test)
