"""The sample tenants: right in number, the same every time, with each planted defect found by a query of its own."""

import subprocess
import sys
import time
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vital_insights.demo.fill import create_reader, ensure_database, fill, is_ours, with_parts
from vital_insights.demo.tenants import PLANTED, rows
from vital_insights.errors import SourceError, UsageError
from vital_insights.source.contract import TABLES
from vital_insights.source.grants import reader_sql, role_sql

SLUGS = ("aldermoor", "carewick", "quillmark")
SCORED = """importance_score between 0 and 10 and importance_score <> 'NaN'
            and satisfaction_score between 0 and 10 and satisfaction_score <> 'NaN'"""
SCORE = "importance_score + case when importance_score > satisfaction_score then importance_score - satisfaction_score else 0 end"
OUTCOMES = "select count(*) from jtbd_outcomes o where tenant_id = %(tenant)s and "
JOBS = "select count(*) from jobs_to_be_done j where tenant_id = %(tenant)s and "
PERSONAS = "select count(*) from personas p where tenant_id = %(tenant)s and "
NO_OUTCOME = "not exists (select from jtbd_outcomes o where o.jtbd_id = j.id)"
NO_ROLE = "not exists (select from jtbd_roles r where r.jtbd_id = j.id)"
OWN_LINKS = """select count(*) from jtbd_roles l join jobs_to_be_done j on j.id = l.jtbd_id
               join org_roles r on r.id = l.role_id where j.tenant_id = %(tenant)s and """
EVIDENCE = "select count(*) from persona_evidence_sources s where tenant_id = %(tenant)s and "
WAITING = """select count(*) from jtbd_dependencies d join jobs_to_be_done j on j.id = d.dependent_jtbd_id
             where j.tenant_id = %(tenant)s and """
STORED = "opportunity_score is not null and opportunity_priority is not null"
BAND = f"case when {SCORE} > 12 then 'high' when {SCORE} >= 8 then 'medium' else 'low' end"

# What each planted defect looks like to somebody who has only the database.
SEEN = {
    "job_without_roles": JOBS + NO_ROLE,
    "job_without_outcomes": JOBS + NO_OUTCOME + " and importance_score is null",
    "job_scored_itself": JOBS + NO_OUTCOME + " and importance_score is not null and satisfaction_score is not null",
    "job_without_primary_role": JOBS
    + f"not {NO_ROLE} and not exists (select from jtbd_roles r where r.jtbd_id = j.id and r.is_primary)",
    "job_deprecated": JOBS + "status = 'deprecated'",
    "job_archived": JOBS + "status = 'archived'",
    "job_deleted": JOBS + "deleted_at is not null",
    "job_draft": JOBS + "status = 'draft'",
    "job_status_missing": JOBS + "status is null",
    "job_name_repeated": "select count(*) - count(distinct name) from jobs_to_be_done where tenant_id = %(tenant)s",
    "job_area_unknown": JOBS + "functional_area = 'Patient Advocacy'",
    "job_complexity_unknown": JOBS
    + "complexity not in ('simple', 'moderate', 'complex', 'expert', 'low', 'medium', 'high', 'very_high')",
    "job_code_in_every_tenant": JOBS
    + "3 = (select count(distinct tenant_id) from jobs_to_be_done other where other.code = j.code)",
    "job_domain_of_another_tenant": JOBS
    + "exists (select from domains d where d.id = j.domain_id and d.tenant_id <> j.tenant_id)",
    "outcome_without_scores": OUTCOMES
    + "importance_score is null and satisfaction_score is null and opportunity_priority is null",
    "outcome_called_low_without_scores": OUTCOMES + "importance_score is null and opportunity_priority = 'low'",
    "outcome_without_importance": OUTCOMES + "importance_score is null and satisfaction_score is not null",
    "outcome_without_satisfaction": OUTCOMES + "importance_score is not null and satisfaction_score is null",
    "outcome_score_out_of_range": OUTCOMES + "importance_score not between 0 and 10 and importance_score <> 'NaN'",
    "outcome_score_nan": OUTCOMES + "satisfaction_score = 'NaN'",
    "outcome_with_two_decimals": OUTCOMES + f"{SCORED} and importance_score <> round(importance_score, 1)",
    "outcome_stored_score_missing": OUTCOMES + f"{SCORED} and opportunity_score is null",
    "outcome_stored_score_wrong": OUTCOMES + f"{SCORED} and opportunity_score <> {SCORE}",
    "outcome_stored_priority_wrong": OUTCOMES + f"{SCORED} and {STORED} and opportunity_priority <> {BAND}",
    "outcome_statement_blank": OUTCOMES + "trim(outcome_statement) = ''",
    "outcome_statement_off_grammar": OUTCOMES
    + "trim(outcome_statement) <> '' and outcome_statement !~ '^(Minimize|Reduce|Maximize|Increase) the '",
    "outcome_statement_repeated": """select count(*) - count(distinct (jtbd_id, outcome_statement))
        from jtbd_outcomes where tenant_id = %(tenant)s""",
    "outcome_type_unknown": OUTCOMES + "outcome_type not in ('speed', 'stability', 'output', 'cost', 'risk')",
    "outcome_deleted": OUTCOMES + "deleted_at is not null",
    "persona_without_role": PERSONAS + "role_id is null",
    "persona_role_dangling": PERSONAS
    + "role_id is not null and not exists (select from org_roles r where r.id = p.role_id)",
    "persona_role_of_no_tenant": PERSONAS
    + "exists (select from org_roles r where r.id = p.role_id and r.tenant_id is null)",
    "persona_name_repeated": "select count(*) - count(distinct name) from personas where tenant_id = %(tenant)s",
    "persona_deleted": PERSONAS + "deleted_at is not null",
    "direct_link_not_implied": """select count(*) from jtbd_personas l join personas p on p.id = l.persona_id
        where p.tenant_id = %(tenant)s
        and not exists (select from jtbd_roles r where r.jtbd_id = l.jtbd_id and r.role_id = p.role_id)""",
    "role_without_jobs": """select count(*) from org_roles o where tenant_id = %(tenant)s and not exists (
        select from jtbd_roles l join jobs_to_be_done j on j.id = l.jtbd_id and j.tenant_id = o.tenant_id
        where l.role_id = o.id and l.deleted_at is null and j.deleted_at is null
        and coalesce(status, '') not in ('deprecated', 'archived'))""",
    "roles_reporting_in_a_circle": """select count(*) / 2 from org_roles a join org_roles b on b.id = a.reports_to_role_id
        where b.reports_to_role_id = a.id and a.tenant_id = %(tenant)s""",
    "function_name_repeated": "select count(*) - count(distinct name) from org_functions where tenant_id = %(tenant)s",
    "department_function_of_another_tenant": """select count(*) from org_departments d join org_functions f
        on f.id = d.function_id where d.tenant_id = %(tenant)s and f.tenant_id <> d.tenant_id""",
    "link_to_role_of_another_tenant": OWN_LINKS + "r.tenant_id <> j.tenant_id",
    "link_to_role_of_no_tenant": OWN_LINKS + "r.tenant_id is null",
    "link_source_unknown": OWN_LINKS + "mapping_source not in ('manual', 'ai_suggested', 'imported', 'derived')",
    "kpi_without_code": "select count(*) from jtbd_kpis where tenant_id = %(tenant)s and kpi_code is null",
    "obstacle_blank": "select count(*) from jtbd_obstacles where tenant_id = %(tenant)s and trim(obstacle_text) = ''",
    "evidence_deleted": EVIDENCE + "s.deleted_at is not null",
    "evidence_persona_of_another_tenant": EVIDENCE
    + "exists (select from personas p where p.id = s.persona_id and p.tenant_id <> s.tenant_id)",
    "consultation_persona_dangling": """select count(*) from expert_consultations c where tenant_id = %(tenant)s
        and persona_id is not null and not exists (select from personas p where p.id = c.persona_id)""",
    "value_driver_blank": """select count(*) from jtbd_value_drivers where tenant_id = %(tenant)s
        and trim(value_description) = ''""",
    "constraint_type_unknown": """select count(*) from jtbd_constraints where tenant_id = %(tenant)s
        and constraint_type not in ('regulatory', 'budget', 'technical', 'resource', 'time')""",
    "dependency_on_job_of_another_tenant": WAITING
    + "exists (select from jobs_to_be_done s where s.id = d.source_jtbd_id and s.tenant_id <> j.tenant_id)",
    "dependency_dangling": WAITING + "not exists (select from jobs_to_be_done s where s.id = d.source_jtbd_id)",
    "jobs_waiting_for_each_other": """select count(*) / 2 from jtbd_dependencies a join jtbd_dependencies b
        on b.source_jtbd_id = a.dependent_jtbd_id and b.dependent_jtbd_id = a.source_jtbd_id
        join jobs_to_be_done j on j.id = a.source_jtbd_id where j.tenant_id = %(tenant)s""",
    "dependency_deleted": WAITING + "d.deleted_at is not null",
    "activity_waiting_for_nothing": """select count(*) from jtbd_workflow_activities a where tenant_id = %(tenant)s
        and depends_on_activity_id is not null
        and not exists (select from jtbd_workflow_activities b where b.id = a.depends_on_activity_id)""",
    "use_case_of_another_tenant": """select count(*) from jtbd_gen_ai_use_cases u
        join jtbd_gen_ai_opportunities o on o.id = u.gen_ai_opportunity_id
        where u.tenant_id = %(tenant)s and o.tenant_id <> u.tenant_id""",
    "kpi_direction_unclear": """select count(*) from jtbd_kpis where tenant_id = %(tenant)s
        and direction not in ('increase', 'decrease')""",
}


def one(url: str, query: str, slug: str = "aldermoor") -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute("select id from tenants where slug = %s", [slug]).fetchone()
        assert row is not None
        found = connection.execute(query, {"tenant": row[0]}).fetchone()
        assert found is not None
        return found[0]


def test_every_planted_defect_has_its_query() -> None:
    assert set(SEEN) == set(PLANTED)


@pytest.mark.parametrize("defect", SEEN)
def test_planted_defects_are_there_in_the_numbers_told(demo_source: str, defect: str) -> None:
    assert {slug: one(demo_source, SEEN[defect], slug) for slug in SLUGS} == PLANTED[defect]
    assert PLANTED[defect]["aldermoor"] > 0


@pytest.mark.parametrize(
    ("slug", "jobs", "personas", "outcomes"),
    [("aldermoor", 338, 335, (2500, 2750)), ("carewick", 126, 96, (500, 900)), ("quillmark", 112, 88, (500, 900))],
)
def test_sizes(demo_source: str, slug: str, jobs: int, personas: int, outcomes: tuple[int, int]) -> None:
    assert one(demo_source, JOBS + "true", slug) == jobs
    assert one(demo_source, PERSONAS + "true", slug) == personas
    assert outcomes[0] < one(demo_source, OUTCOMES + "true", slug) < outcomes[1]


@pytest.mark.parametrize("slug", SLUGS)
def test_scores_spread_as_in_the_field(demo_source: str, slug: str) -> None:
    share = "select avg(case when {} then 1.0 else 0 end) from jtbd_outcomes where tenant_id = %(tenant)s and {}"
    assert Decimal("0.08") < one(demo_source, share.format(f"{SCORE} > 12", SCORED), slug) < Decimal("0.15")
    assert Decimal("0.30") < one(demo_source, share.format(f"{SCORE} between 8 and 12", SCORED), slug) < Decimal("0.51")
    assert (
        Decimal("0.02")
        < one(demo_source, share.format(f"not coalesce({SCORED}, false)", "true"), slug)
        < Decimal("0.06")
    )
    means = f"""select max(mean) - min(mean) from (
        select avg({SCORE.replace("importance", "o.importance").replace("satisfaction", "o.satisfaction")}) as mean
        from jtbd_outcomes o join jobs_to_be_done j on j.id = o.jtbd_id
        where o.tenant_id = %(tenant)s and {SCORED.replace("importance", "o.importance").replace("satis", "o.satis")}
        group by j.domain_id having count(*) > 30) as by_topic"""
    assert one(demo_source, means, slug) > Decimal("1.5"), "topics differ visibly"


@pytest.mark.parametrize("slug", SLUGS)
def test_statements_do_not_repeat_themselves(demo_source: str, slug: str) -> None:
    """Among the statements of a function of some size, several dozen are different even without what follows the comma."""
    fewest = """select min(number) from (
        select split_part(code, '_', 2) as function,
               count(distinct regexp_replace(outcome_statement, '^[A-Z][a-z]+ ([^,]+).*', '\\1')) as number
        from jtbd_outcomes o join jobs_to_be_done j on j.id = o.jtbd_id
        where o.tenant_id = %(tenant)s and code <> 'GLOBAL_CORE_001' group by 1 having count(*) > 150) as by_function"""
    assert one(demo_source, fewest, slug) >= 30
    most = """select max(number) from (select count(*) as number from jtbd_outcomes
        where tenant_id = %(tenant)s and trim(outcome_statement) <> '' group by outcome_statement) as repeats"""
    assert one(demo_source, most, slug) <= 8


def test_outcome_types_match_their_direction(demo_source: str) -> None:
    wrong = (
        OUTCOMES
        + """outcome_type <> 'experience' and outcome_statement ~ '^(Minimize|Reduce|Maximize|Increase) '
        and (outcome_type = 'output') <> (outcome_statement ~ '^(Maximize|Increase) ')"""
    )
    assert [one(demo_source, wrong, slug) for slug in SLUGS] == [0, 0, 0]


# Of every thousand rows: how many have what is named. Collection is under way, so none is 0 and none is 1000.
OF_JOBS = "select avg(case when {} then 1000.0 else 0 end) from jobs_to_be_done j where tenant_id = %(tenant)s"
REACHED = {
    "jtbd_value_drivers": (400, 850),
    "jtbd_constraints": (300, 750),
    "jtbd_workflow_stages": (300, 700),
    "jtbd_gen_ai_opportunities": (150, 500),
}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("table", REACHED)
def test_enrichment_reaches_some_jobs_and_not_others(demo_source: str, table: str, slug: str) -> None:
    least, most = REACHED[table]
    there = f"exists (select from {table} t where t.jtbd_id = j.id)"
    assert least < one(demo_source, OF_JOBS.format(there), slug) < most
    by_function = f"""select max(share) - min(share) from (
        select split_part(code, '_', 2), avg(case when {there} then 1.0 else 0 end) as share
        from jobs_to_be_done j where tenant_id = %(tenant)s and code <> 'GLOBAL_CORE_001' group by 1) as functions"""
    assert one(demo_source, by_function, slug) > Decimal("0.3"), "functions are at different stages"


@pytest.mark.parametrize("slug", SLUGS)
def test_some_functions_have_evidence_for_their_personas_and_others_none(demo_source: str, slug: str) -> None:
    shares = """select {} from (
        select avg(case when exists (select from persona_evidence_sources s where s.persona_id = p.id and s.tenant_id = p.tenant_id)
                   then 1.0 else 0 end) as share
        from personas p where tenant_id = %(tenant)s group by function_id) as functions"""
    assert one(demo_source, shares.format("min(share)"), slug) == 0
    assert one(demo_source, shares.format("max(share)"), slug) > Decimal("0.5")


@pytest.mark.parametrize(("slug", "asked"), [("aldermoor", True), ("carewick", True), ("quillmark", False)])
@pytest.mark.parametrize("table", ["expert_consultations", "panel_discussions"])
def test_the_smallest_tenant_never_asked_an_expert(demo_source: str, table: str, slug: str, asked: bool) -> None:
    assert (one(demo_source, f"select count(*) from {table} where tenant_id = %(tenant)s", slug) > 0) is asked
    neither = f"select count(*) from {table} where tenant_id = %(tenant)s and jtbd_id is null and persona_id is null"
    assert one(demo_source, neither, slug) == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_workflows_have_three_to_five_stages_whose_activities_end(demo_source: str, slug: str) -> None:
    stages = """select array_agg(distinct n order by n) from (
        select count(*) as n from jtbd_workflow_stages where tenant_id = %(tenant)s group by jtbd_id) as workflows"""
    assert set(one(demo_source, stages, slug)) <= {3, 4, 5}
    assert len(one(demo_source, stages, slug)) > 1
    # Walked from where nothing is waited for, every activity is reached: no circle, and nothing waits across jobs.
    reached = """with recursive reached as (
        select a.id, s.jtbd_id from jtbd_workflow_activities a join jtbd_workflow_stages s on s.id = a.workflow_stage_id
        where a.tenant_id = %(tenant)s and (depends_on_activity_id is null
            or not exists (select from jtbd_workflow_activities b where b.id = a.depends_on_activity_id))
        union all
        select a.id, s.jtbd_id from reached r join jtbd_workflow_activities a on a.depends_on_activity_id = r.id
        join jtbd_workflow_stages s on s.id = a.workflow_stage_id and s.jtbd_id = r.jtbd_id)
        select count(*) from reached"""
    everything = "select count(*) from jtbd_workflow_activities where tenant_id = %(tenant)s"
    assert one(demo_source, reached, slug) == one(demo_source, everything, slug) > 200


@pytest.mark.parametrize("slug", SLUGS)
def test_jobs_wait_in_a_circle_only_where_that_is_planted(demo_source: str, slug: str) -> None:
    """A job that can be reached from itself is one of a planted pair, or hangs between the two."""
    in_circles = """with recursive walk as (
        select source_jtbd_id as first, dependent_jtbd_id as last from jtbd_dependencies
        join jobs_to_be_done j on j.id = source_jtbd_id where j.tenant_id = %(tenant)s
        union
        select first, dependent_jtbd_id from walk join jtbd_dependencies on source_jtbd_id = last)
        select count(distinct first) from walk where first = last"""
    assert one(demo_source, in_circles, slug) == 2 * PLANTED["jobs_waiting_for_each_other"][slug]


@pytest.mark.parametrize("slug", SLUGS)
def test_constraints_are_of_all_five_types(demo_source: str, slug: str) -> None:
    kinds = "select array_agg(distinct constraint_type) from jtbd_constraints where tenant_id = %(tenant)s"
    assert set(one(demo_source, kinds, slug)) == {"regulatory", "budget", "technical", "resource", "time", "legal"}


# What a roll-up stands on, and what is left blank here and there.
PARTLY = {
    "jobs_to_be_done": (
        "domain_id", "industry_id", "strategic_priority_id", "org_function_id", "functional_area", "job_category", "complexity",
        "frequency",
    ),
    "jtbd_outcomes": ("outcome_type",),
    "jtbd_kpis": ("target_value", "current_value", "unit", "direction"),
    "jtbd_value_drivers": ("quantified_impact",),
}  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in PARTLY.items() for column in names])
def test_what_roll_ups_group_by_varies_and_is_sometimes_blank(
    demo_source: str, table: str, column: str, slug: str
) -> None:
    told = f"select {{}} from {table} where tenant_id = %(tenant)s"
    assert one(demo_source, told.format(f"count(distinct {column})"), slug) >= 3
    assert one(demo_source, told.format(f"count(*) - count({column})"), slug) > 0
    assert one(demo_source, told.format(f"avg(case when {column} is null then 1.0 else 0 end)"), slug) < Decimal("0.3")


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    "table", ["org_functions", "org_roles", "domains", "capabilities", "strategic_priorities", "personas"]
)
def test_codes_do_not_repeat_within_a_tenant(demo_source: str, table: str, slug: str) -> None:
    repeats = f"select count(code) - count(distinct code) from {table} where tenant_id = %(tenant)s"
    assert one(demo_source, repeats, slug) == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_domains_form_a_tree_and_some_jobs_need_no_capability(demo_source: str, slug: str) -> None:
    depth = """with recursive tree as (
        select id, 1 as depth from domains where tenant_id = %(tenant)s and parent_id is null
        union all select d.id, depth + 1 from tree join domains d on d.parent_id = tree.id)
        select max(depth) from tree"""
    assert one(demo_source, depth, slug) == 3
    needed = "exists (select from capability_jtbd_mapping m where m.jtbd_id = j.id)"
    assert 500 < one(demo_source, OF_JOBS.format(needed), slug) < 900


def test_the_rows_are_the_same_every_time() -> None:
    assert repr(rows()) == repr(rows())
    other = "import hashlib; from vital_insights.demo.tenants import rows; print(hashlib.sha256(repr(rows()).encode()).hexdigest())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", other], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_a_larger_scale_multiplies_jobs_and_keeps_keys_unique(database: str) -> None:
    fill(database, scale=2)
    assert one(database, JOBS + "true") == 2 * 338
    assert (
        one(database, "select count(*) - count(distinct code) from jobs_to_be_done where tenant_id = %(tenant)s") == 0
    )
    assert one(database, SEEN["job_without_roles"]) == PLANTED["job_without_roles"]["aldermoor"]
    assert one(database, PERSONAS + "true") == 335


def test_a_second_fill_is_quick_and_changes_nothing(database: str) -> None:
    assert not is_ours(database)
    assert fill(database)
    assert is_ours(database)
    before = one(database, "select pg_current_xact_id()::text::bigint")
    started = time.process_time()  # not by the clock: others may keep the machine busy
    assert not fill(database)
    assert time.process_time() - started < 1
    assert one(database, "select max(xmin::text::bigint) from jobs_to_be_done") < before
    with psycopg.connect(database) as connection:
        connection.execute("drop table jtbd_kpis")
    assert fill(database), "a table that went missing is made again"
    assert one(database, SEEN["kpi_without_code"]) == PLANTED["kpi_without_code"]["aldermoor"]


@pytest.mark.parametrize(
    "foreign", ["create table jobs_to_be_done (id int)", "create schema s; create view s.v as select 1"]
)
@pytest.mark.parametrize("filled_before", [False, True])
def test_a_database_with_any_other_table_is_refused(
    new_database: Any, demo_template: str, foreign: str, filled_before: bool
) -> None:
    url = new_database(demo_template) if filled_before else new_database()
    with psycopg.connect(url) as connection:
        connection.execute(foreign.replace("jobs_to_be_done", "payroll") if filled_before else foreign)
    with pytest.raises(UsageError, match="did not make"):
        fill(url, scale=2 if filled_before else 1)
    assert not is_ours(url)


def test_an_unreachable_database_is_one_sentence_without_the_password() -> None:
    with pytest.raises(SourceError) as caught:
        fill("postgresql://me:s3cr3t@127.0.0.1:1/nothing")
    assert "s3cr3t" not in str(caught.value)


FORBIDDEN = [
    "insert into tenants (id, name) values (gen_random_uuid(), 'x')",
    "update jobs_to_be_done set name = 'x'",
    "delete from jtbd_outcomes",
    "truncate jtbd_outcomes",
    "drop table personas",
    "alter table personas add column x int",
    "create table mine (x int)",
    "create schema mine",
    "create role another",
    "alter role {role} superuser",
    "select * from vital_demo.made",
    "select * from pg_authid",
    "create database another",
    "copy personas to program 'true'",
    "select lo_import('/etc/passwd')",
    "create index on personas (name)",
    "begin; lock table personas in exclusive mode",
    "comment on table personas is 'x'",
    "select pg_read_file('/etc/passwd')",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_reader_cannot_write(demo_source: str, statement: str) -> None:
    role = psycopg.conninfo.conninfo_to_dict(demo_source)["user"]
    with psycopg.connect(demo_source, autocommit=True) as connection:
        connection.execute(
            "set default_transaction_read_only = off"
        )  # a seat belt that anybody may undo: grants must hold
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.format(role=role))


def test_the_reader_reads_every_table_and_hidden_rows(demo_source: str, demo_template: str, new_database: Any) -> None:
    with psycopg.connect(demo_source) as connection:
        for name in TABLES:
            row = connection.execute(f"select count(*) from {name}").fetchone()
            assert row is not None
            assert row[0] > 0, name
        row = connection.execute(
            "select rolbypassrls, rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = user"
        )
        assert row.fetchone() == (True, False, False, False)
    copy = new_database(demo_template)
    with psycopg.connect(copy) as connection:
        connection.execute("alter table personas enable row level security")
    with psycopg.connect(create_reader(copy)) as connection:
        connection.execute("set row_security = off")
        assert connection.execute("select count(*) > 0 from personas").fetchone() == (True,)


def test_the_reader_is_made_again_with_another_password(demo_template: str, new_database: Any) -> None:
    copy = new_database(demo_template)
    first = create_reader(copy)
    role = psycopg.conninfo.conninfo_to_dict(first)["user"]
    with psycopg.connect(copy) as connection:  # as an earlier version did
        connection.execute(f"grant select on expert_messages to {role}")
    second = create_reader(copy)
    assert first != second
    with psycopg.connect(second) as connection:
        connection.execute("select tenant_id, created_at from expert_messages")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select content from expert_messages")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(first)


def test_a_role_that_the_demo_did_not_make_is_left_alone(database: str) -> None:
    role = f"{psycopg.conninfo.conninfo_to_dict(database)['dbname']}_reader"
    fill(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"create role {role}")
        try:
            with pytest.raises(UsageError, match="did not make"):
                create_reader(database)
        finally:
            connection.execute(f"drop role {role}")


def test_grants_quote_every_name(database: str) -> None:
    evil = 'x"; drop table t; --'
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table t (x int)")
        connection.execute('create schema "s""x"')
        connection.execute('create table "s""x"."t""; drop table t; --" (x int)')
        try:
            for statement in role_sql(evil, 's"x', {'t"; drop table t; --': ["x"], "it's": ["x"]}):
                connection.execute(statement)
            allowed = "select has_any_column_privilege(%s, c.oid, 'select') from pg_class c where relname = %s"
            assert connection.execute(allowed, [evil, 't"; drop table t; --']).fetchone() == (True,)
            assert connection.execute(allowed, [evil, "t"]).fetchone() == (False,)
        finally:
            connection.execute('drop owned by "x""; drop table t; --"')
            connection.execute('drop role "x""; drop table t; --"')
    with pytest.raises(ValueError, match="identifier"):
        role_sql("", "public", {})
    with pytest.raises(ValueError, match="may not hold"):
        role_sql("$grants$; drop table t", "public", {})


def test_the_operators_page_gives_exactly_this_role() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text()
    told = page.split("```sql\n")[1].split("```")[0]
    assert told == "".join(f"{statement};\n" for statement in reader_sql("vital_reader", "public"))


def test_the_demo_database_is_made_once(server: str) -> None:
    name = "vital_test_ensure"
    try:
        url = ensure_database(server, name)
        assert ensure_database(server, name) == url == with_parts(server, database=name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"drop database {name}")


def test_every_line_of_wording_has_a_topic() -> None:
    """A KPI, an obstacle or a criterion that names no topic of its file would never be used."""
    words = Path(sys.modules["vital_insights.demo.words"].__file__ or "").parent / "words"
    for file in words.glob("*.toml"):
        given = tomllib.loads(file.read_text())
        codes = {topic["code"] for topic in given["topic"]}
        for kind in ("kpis", "obstacles", "criteria", "values", "constraints"):
            named = [line.split("|")[0].split() for line in given[kind].strip().splitlines()]
            assert {code for line in named for code in line} == codes, (file.name, kind)
