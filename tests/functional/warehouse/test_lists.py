"""Which tenants and which snapshots there are, also where some are damaged; names are compared and never become paths."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.conftest import PROVE
from tests.functional.warehouse.conftest import BETA
from vital_insights import insights
from vital_insights.errors import TenantUnknown, UsageError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

ODD = ['"', "; drop table x", "' or true --", "../../etc/passwd", "/", ".", "..", "\x00", "\ud800", "a\nb", "%"]
hostile = st.one_of(st.text(max_size=30), st.sampled_from(ODD))


def test_tenants_are_listed_by_slug_and_damage_hides_none(copied):
    chosen = Settings(warehouse=copied)
    (copied / "not-a-tenant").mkdir()
    (copied / str(BETA).upper()).mkdir()
    (copied / "cccccccc-0000-4000-8000-000000000003").mkdir()  # a first refresh that never came to its end
    assert [(t.slug, t.id) for t in insights.tenants(chosen)] == [("acme", worlds.ACME), ("beta", BETA)]
    (copied / str(BETA) / "CURRENT").write_text("junk")
    assert [t.slug for t in insights.tenants(chosen)] == ["acme", "beta"]
    with pytest.raises(WarehouseError, match="CURRENT is damaged"):
        insights.open_tenant("beta", settings=chosen)
    [path] = (copied / str(BETA)).glob("*.duckdb")
    path.chmod(0o600)
    path.write_bytes(b"x")
    assert {t.slug for t in insights.tenants(chosen)} == {"acme", str(BETA)}
    for name in ("beta", str(BETA)):
        with pytest.raises(WarehouseError):
            insights.open_tenant(name, settings=chosen)


def test_a_damaged_newest_snapshot_leaves_the_older_ones_within_reach(copied):
    chosen = Settings(warehouse=copied)
    newest, oldest = [s.id for s in insights.snapshots("acme", chosen)]
    path = copied / str(worlds.ACME) / f"{newest}.duckdb"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(WarehouseError, match="damaged"):
        insights.open_tenant("acme", settings=chosen)
    assert [s.id for s in insights.snapshots("acme", chosen)] == [oldest]
    with insights.open_tenant("acme", settings=chosen, snapshot_id=oldest) as opened:
        assert opened.metric("opportunity").is_empty()


def test_snapshots_are_listed_newest_first_with_what_they_hold(chosen, two_tenants):
    found = insights.snapshots("acme", chosen)
    assert [s.id for s in found] == snapshot.names(two_tenants / str(worlds.ACME))
    assert [s.manifest["rows"]["metric.opportunity"] for s in found] == [8, 0]
    assert all(s.taken_at == worlds.TAKEN_AT for s in found)


def test_what_was_never_pointed_at_is_neither_listed_nor_opened(copied):
    folder = copied / str(worlds.ACME)
    orphan = snapshot.new_name(folder)
    for suffix in (".duckdb", ".sha256"):
        shutil.copy((folder / snapshot.current(folder)).with_suffix(suffix), folder / f"{orphan}{suffix}")
    chosen = Settings(warehouse=copied)
    assert orphan not in [s.id for s in insights.snapshots("acme", chosen)]
    with pytest.raises(UsageError):
        insights.open_tenant("acme", settings=chosen, snapshot_id=orphan)


@pytest.mark.parametrize(
    "name",
    [
        "../{beta}/{snapshot}",
        "{snapshot}.duckdb",
        "./{snapshot}",
        "{snapshot}/",
        "{snapshot}\n",
        "CURRENT",
        "/etc/passwd",
    ],
)
def test_a_snapshot_id_is_a_name_and_never_a_path(chosen, two_tenants, name):
    asked = name.format(beta=BETA, snapshot=snapshot.current(two_tenants / str(worlds.ACME)))
    with pytest.raises(UsageError, match="There is no snapshot"):
        insights.open_tenant("acme", settings=chosen, snapshot_id=asked)


def test_the_newest_build_may_be_a_refused_one(copied):
    chosen = Settings(warehouse=copied)
    folder = copied / str(worlds.ACME)
    assert insights.newest_build("acme", chosen) == snapshot.current(folder)
    refused = worlds.publish(folder, worlds.SMALL, refused=True).stem
    assert insights.newest_build("acme", chosen) == refused
    assert insights.newest_build(str(worlds.ACME).upper(), chosen) == refused


def test_a_tenant_of_whom_everything_was_refused_can_be_asked_about(tmp_path):
    refused = worlds.publish(tmp_path / str(worlds.ACME), worlds.SMALL, refused=True).stem
    chosen = Settings(warehouse=tmp_path)
    assert insights.tenants(chosen) == []
    assert insights.newest_build("acme", chosen) == refused
    with pytest.raises(TenantUnknown, match="has no snapshot"):
        insights.open_tenant("acme", settings=chosen)


def test_an_empty_warehouse_says_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(TenantUnknown, match="vital-insights refresh"):
            insights.open_tenant("acme", settings=Settings(warehouse=folder))


@pytest.mark.timeout(1800)  # the counts of make prove
@settings(max_examples=2500 if PROVE else 60)  # two names each
@given(name=hostile)
def test_hostile_tenant_and_snapshot_names_open_nothing(chosen, name):
    with pytest.raises(TenantUnknown):
        insights.open_tenant(name, settings=chosen)
    if name:
        with pytest.raises(UsageError):
            insights.open_tenant("acme", settings=chosen, snapshot_id=name)
