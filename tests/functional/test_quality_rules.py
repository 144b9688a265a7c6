"""Rules in the quality process: how many of how many, by key, what does not apply, and an analyst's own beside ours."""

import json
import shutil

import duckdb
import polars as pl
import pytest

from vital_insights import insights
from vital_insights.checking import checks_of
from vital_insights.demo.tenants import PLANTED
from vital_insights.errors import QualityError, UsageError, VitalError
from vital_insights.pipeline import refresh
from vital_insights.quality import QualityProcess, rule
from vital_insights.settings import Settings


@pytest.fixture(scope="module")
def process():
    with QualityProcess(deadline=120) as started:
        yield started


def one(tmp_path, **changed):
    told = {"severity": "warning", "because": "It matters.", "of": "model.jobs where is_live", **changed}
    return rule(tmp_path / "idle.sql", "audit.idle", ["job_id", "kind"], **told)


def reading(rows):
    frame = pl.DataFrame(rows, schema={"job_id": pl.String, "kind": pl.String}, orient="row")
    return lambda table, columns: frame.select(columns)


def test_what_a_rule_found_is_counted_shared_out_and_shown_by_key(process, tmp_path):
    rows = [(f"j{n:02}", None if n == 3 else "idle") for n in reversed(range(25))]
    (check,) = process.check([one(tmp_path)], reading(rows), sizes={"model.jobs where is_live": 340})
    assert (check.suite, check.table, check.name, check.column) == ("audit", "audit.idle", "audit.idle", None)
    assert (check.status, check.severity, check.because) == ("failed", "warning", "It matters.")
    assert (check.observed, check.n_failed, check.n_total, check.share) == ("25 of 340 jobs", 25, 340, 25 / 340)
    assert check.examples == tuple(f"j{n:02} / {'NULL' if n == 3 else 'idle'}" for n in range(20))


def test_a_rule_that_found_nothing_passes_and_says_among_how_many(process, tmp_path):
    (check,) = process.check([one(tmp_path)], reading([]), sizes={"model.jobs where is_live": 340})
    assert (check.status, check.observed, check.n_failed, check.share) == ("passed", "0 of 340 jobs", 0, 0)
    (check,) = process.check([one(tmp_path)], reading([]), sizes={"model.jobs where is_live": 0})
    assert (check.status, check.share) == ("passed", None)
    (check,) = process.check([one(tmp_path, of="")], reading([("a", "b")]))
    assert (check.status, check.observed, check.n_total, check.share) == ("failed", "1 found", None, None)


def test_a_rule_without_what_it_needs_does_not_apply(process, tmp_path):
    def never(table, columns):
        raise AssertionError

    needing = one(tmp_path, needs=["jtbd_roles", "personas.role_id"])
    for absent in (("raw.jtbd_roles", None), ("raw.personas", None), ("raw.personas", "role_id")):
        (check,) = process.check([needing], never, {absent: "the source has none"})
        what = ".".join(filter(None, absent)).removeprefix("raw.")
        assert (check.status, check.reason, check.observed) == ("not_applicable", f"{what}: the source has none", None)
    (check,) = process.check(
        [needing], reading([]), {("raw.personas", "code"): "no code", ("raw.jtbd_kpis", None): "none"}
    )
    assert check.status == "passed"


def test_a_rule_that_cannot_be_read_is_errored(process, tmp_path):
    def broken(table, columns):
        raise ValueError

    (check,) = process.check([one(tmp_path)], broken, sizes={"model.jobs where is_live": 3})
    assert (check.status, check.observed, check.n_total) == ("errored", None, None)


RULE = """/*
title    = "Jobs without an owner"
because  = "{because}"
severity = "{severity}"
grain    = ["job_id"]
{more}
*/
{sql}
"""
SQL = "select job_id, job_code from model.jobs where job_code like '%1'"
SUITE = {
    "name": "our_jobs",
    "meta": {"table": "model.jobs", "key": ["job_id"]},
    "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "description"}, "severity": "info",
         "meta": {"name": "described", "because": "Nobody can review a job that is not described."}}
    ],
}  # fmt: skip


def sql(text=SQL, severity="warning", because="It matters to us.", more=""):
    return RULE.format(sql=text, severity=severity, because=because, more=more)


def suite(**changed):
    return json.dumps({**SUITE, **changed})


def expectation(**changed):
    return suite(expectations=[{**SUITE["expectations"][0], **changed}])


BROKEN = {
    "a header that is no TOML": ("mine.sql", "/* because = */ select 1", "mine.sql: the header is not valid TOML"),
    "no header": ("mine.sql", "select 1", "mine.sql: there is no header"),
    "no severity": ("mine.sql", sql().replace("severity", "severty"), "mine.sql.*'severty'.*did you mean severity"),
    "a severity that is none": ("mine.sql", sql(severity="grave"), "mine.sql.*unknown severity 'grave'"),
    "nothing to say": ("mine.sql", sql(because=" "), 'mine.sql.*needs "because"'),
    "a name that is no word": ("my rule.sql", sql(), "my rule.sql: a rule is called"),
    "a syntax error": ("mine.sql", sql("selec 1"), "mine.sql is not valid SQL.*LINE 8"),
    "two statements": ("mine.sql", sql("select 1; select 2"), "mine.sql"),
    "no SELECT": ("mine.sql", sql("drop table model.jobs"), "mine.sql"),
    "a column that is not there": ("mine.sql", sql("select job_idd as job_id from model.jobs"), "mine.sql failed.*job_idd"),
    "a table that is not there": ("mine.sql", sql("select job_id from model.job"), "mine.sql failed.*job"),
    "another grain": ("mine.sql", sql("select 1 as one"), "mine.sql: the grain names other columns"),
    "a file of the machine": ("mine.sql", sql("select content as job_id from read_text('/etc/hostname')"), "mine.sql failed"),
    "an of that is no table": ("mine.sql", sql(more='of = "jobs"'), 'mine.sql: "of" names one table'),
    "an of that is not there": ("mine.sql", sql(more='of = "model.job"'), 'mine.sql: "of" failed'),
    "a need that is not there": ("mine.sql", sql(more='needs = ["personas.rol_id"]'), "mine.sql.*'rol_id'.*did you mean.*role_id"),
    "a needed table that is not there": ("mine.sql", sql(more='needs = ["persona"]'), "mine.sql.*'raw.persona'.*raw.personas"),
    "the name of one of ours": ("orphans.sql", sql(), "orphans.sql: 'audit.orphans' is already the name of another in .*orphans.sql"),
    "bytes that are no text": ("mine.sql", b"/*\xff*/", "mine.sql cannot be read"),
    "a suite that is no JSON": ("mine.json", "{", "mine.json is not a suite"),
    "a suite named like ours": ("personas.json", suite(), "personas.json: 'personas' is already the name of another"),
    "a suite named like the rules": ("audit.json", suite(), "audit.json: 'audit' is the name of the suite of rules"),
    "a suite on no table": (
        "mine.json", suite(meta={"table": "model.job", "key": ["job_id"]}), "mine.json.*'model.job'.*did you mean model.jobs",
    ),
    "a suite on no column": ("mine.json", expectation(kwargs={"column": "descripton"}), "mine.json.*no column 'descripton'.*description"),
    "an expectation that is none": (
        "mine.json", expectation(type="expect_column_values_to_be_nul"), "mine.json.*did you mean expect_column_values_to_be_null",
    ),
    "a folder without checks": ("readme.txt", "", "no .*json suite and no .*sql rule in"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_check_is_refused_by_name_before_anything_is_extracted(process, tmp_path, what):
    name, text, said = BROKEN[what]
    path = tmp_path / "ours" / name
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    # Nobody listens there: whoever asked the source first would say so.
    settings = Settings(source_url="postgresql://u@127.0.0.1:1/d", checks=path.parent, warehouse=tmp_path / "w")
    with pytest.raises((QualityError, VitalError), match=f"(?s){said}") as error:
        refresh("acme", settings=settings, checks=process)
    assert error.value.exit_code == 3
    assert not (tmp_path / "w").exists()


def test_a_folder_of_checks_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(VitalError, match=r"no folder of suites at .*nowhere"):
        checks_of(Settings(checks=tmp_path / "nowhere"))


def test_ours_need_no_folder_and_each_rule_is_a_check_of_one_suite():
    suites, rules = checks_of(Settings())
    assert {each.table for each in suites if each.name == "audit"} == {each.table for each in rules}
    assert len(rules) >= 18


METRIC = """/*
title = "Codes"
because = "We file by them."
grain = ["job_id"]
[columns]
job_id = { type = "UUID", meaning = "the job" }
job_code = { type = "VARCHAR", meaning = "its code", null_means = "no code" }
*/
select job_id, job_code from model.jobs
"""


OF_A_METRIC = suite(
    meta={"table": "metric.our_codes", "key": ["job_id"]},
    expectations=[{**SUITE["expectations"][0], "kwargs": {"column": "job_code"}}],
)


@pytest.fixture(scope="module")
def checked(process, demo_source, tmp_path_factory):
    """The smallest sample tenant with an analyst's suite and rule beside ours: the refresh and what it published."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "checks").mkdir()
    (folder / "checks" / "our_jobs.json").write_text(suite())
    (folder / "checks" / "first_jobs.sql").write_text(sql(more='of = "model.jobs"'))
    (folder / "checks" / "our_codes.json").write_text(OF_A_METRIC)
    (folder / "metrics").mkdir()
    (folder / "metrics" / "our_codes.sql").write_text(METRIC)
    settings = Settings(
        source_url=demo_source, warehouse=folder / "w", checks=folder / "checks", metrics=folder / "metrics"
    )
    done = refresh("carewick", settings=settings, checks=process)
    with insights.open_tenant("carewick", settings=settings) as opened:
        yield done, opened
    shutil.rmtree(folder)


def test_an_analyst_s_checks_take_part_like_ours(checked):
    done, opened = checked
    found = {check.name: check for check in opened.verdict()}
    assert done.published
    n_jobs = opened.table("jobs").height
    codes = [code for code in opened.table("jobs")["job_code"] if code and code.endswith("1")]
    mine = found["audit.first_jobs"]
    assert (mine.status, mine.n_failed, mine.n_total) == ("failed", len(codes), n_jobs)
    assert mine.observed == f"{len(codes)} of {n_jobs} jobs"
    assert opened.sql("select * from audit.first_jobs")["job_code"].sort().to_list() == sorted(codes)
    assert found["our_jobs.described"].n_total == n_jobs
    with pytest.raises(UsageError):
        opened.sql("select * from audit.never_made")
    assert found["our_codes.described"].n_total == n_jobs
    assert opened.metric("our_codes").equals(opened.table("jobs", columns=["job_id", "job_code"]))
    assert opened.snapshot.manifest["metrics"] == {"our_codes": METRIC}


def test_what_was_planted_in_the_sample_tenant_is_found_by_the_rule_meant_for_it(checked):
    done, opened = checked
    planted = {name: numbers["carewick"] for name, numbers in PLANTED.items()}
    found = {check.name.removeprefix("audit."): check for check in done.verdict if check.suite == "audit"}
    assert {check.status for check in found.values()} <= {"passed", "failed"}
    n = {name: check.n_failed for name, check in found.items()}
    assert n["jobs_without_role"] == planted["job_without_roles"]
    assert n["jobs_without_outcomes"] == planted["job_without_outcomes"] + planted["job_scored_itself"]
    assert n["duplicate_job_names"] == planted["job_name_repeated"]
    assert n["duplicate_statements"] == planted["outcome_statement_repeated"]
    assert n["unfounded_scores"] == planted["outcome_called_low_without_scores"]
    assert n["unclear_statements"] == planted["outcome_statement_off_grammar"]
    assert n["dangling_references"] == sum(
        planted[what]
        for what in ("persona_role_dangling", "consultation_persona_dangling", "activity_waiting_for_nothing")
    )
    assert n["circular_dependencies"] == planted["jobs_waiting_for_each_other"]
    lost = opened.sql("select table_name, cast(n as integer) from audit.lost_links").rows()
    assert lost == [("jtbd_dependencies", planted["dependency_dangling"])]
    assert n["unimplied_links"] == planted["direct_link_not_implied"]
    assert n["endless_trees"] == 2 * planted["roles_reporting_in_a_circle"]
    abroad = opened.sql(
        "select kind, table_name, cast(sum(n) as integer) as n from audit.foreign_references group by all"
    ).rows()
    # A link that a neighbour drew to a job of ours is cut as well, so links may be more than were planted here.
    assert {(table, n) for kind, table, n in abroad if kind == "cross_tenant_reference"} >= {
        ("jobs_to_be_done", planted["job_domain_of_another_tenant"]),
        ("org_departments", planted["department_function_of_another_tenant"]),
        ("jtbd_gen_ai_use_cases", planted["use_case_of_another_tenant"]),
        ("persona_evidence_sources", planted["evidence_persona_of_another_tenant"]),
    }
    assert {(table, n) for kind, table, n in abroad if kind == "unshared_reference"} == {
        ("jtbd_roles", planted["link_to_role_of_no_tenant"]), ("personas", planted["persona_role_of_no_tenant"]),
    }  # fmt: skip
    cut = {(kind, table): n for kind, table, n in abroad}
    assert cut["cross_tenant_reference", "jtbd_roles"] >= planted["link_to_role_of_another_tenant"]
    assert cut["cross_tenant_reference", "jtbd_dependencies"] >= planted["dependency_on_job_of_another_tenant"]
    assert n["personas_without_role"] == sum(
        planted[f"persona_{why}"] for why in ("without_role", "role_dangling", "role_of_no_tenant")
    )
    for name in (
        "orphans",
        "crossed_chains",
        "misplaced_personas",
        "impossible_dates",
        "duplicate_job_codes",
        "uneven_counts",
    ):
        assert n[name] == 0, name


def test_a_rule_s_rows_are_counted_in_the_manifest_and_held_by_the_file(checked):
    done, opened = checked
    with duckdb.connect(str(opened.snapshot.path), read_only=True) as connection:
        held = connection.execute("select count(*) from audit.unclear_statements").fetchone()[0]
    assert opened.snapshot.manifest["rows"]["audit.unclear_statements"] == held
    assert held == next(c.n_failed for c in done.verdict if c.name == "audit.unclear_statements")
