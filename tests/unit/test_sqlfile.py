"""A .sql file: what its header must say, what it reads, the order files build in, and how it fails."""

import duckdb
import pytest

from vital_insights.errors import VitalError
from vital_insights.warehouse import sqlfile

HEADER = {"title": '"Things"', "because": '"They matter."', "grain": '["thing_id"]'}
COLUMNS = '[columns]\nthing_id = { type = "INTEGER", meaning = "its id" }\n'


def header(columns="", **changed):
    told = {**HEADER, **changed}
    return "".join(f"{key} = {value}\n" for key, value in told.items() if value is not None) + columns


def write(folder, name, sql, columns="", **changed):
    path = folder / f"{name}.sql"
    path.write_text(f"/*\n{header(columns, **changed)}*/\n{sql}\n")
    return path


def failing(path, schema="model"):
    with pytest.raises(VitalError) as error:
        sqlfile.read(path, schema)
    assert path.name in str(error.value)
    return str(error.value)


def built(*files):
    connection = duckdb.connect()
    sqlfile.build(connection, sqlfile.in_build_order(files))
    return connection


def test_a_whole_header_is_read(tmp_path):
    path = write(tmp_path, "things", "select 1 as thing_id", COLUMNS, show='["thing_id"]', order='"thing_id"')
    file = sqlfile.read(path, "metric")
    assert (file.table, file.title, file.because, file.grain) == (
        "metric.things",
        "Things",
        "They matter.",
        ("thing_id",),
    )
    assert (file.show, file.order) == (("thing_id",), "thing_id")
    assert file.columns == {"thing_id": {"type": "INTEGER", "meaning": "its id"}}


@pytest.mark.parametrize("key", list(HEADER))
def test_a_header_without_a_key_names_it(tmp_path, key):
    assert f"lacks {key}." in failing(write(tmp_path, "things", "select 1 as thing_id", **{key: None}))


@pytest.mark.parametrize("text", ["select 1", "-- a word\nselect 1", "/* title = 'x'\nselect 1", ""])
def test_a_file_without_a_header_says_so(tmp_path, text):
    path = tmp_path / "bare.sql"
    path.write_text(text)
    assert "no header" in failing(path)


def test_a_header_that_is_not_toml_names_the_line(tmp_path):
    assert "line 3" in failing(write(tmp_path, "things", "select 1", because="nothing quoted"))


@pytest.mark.parametrize("grain", ['"thing_id"', "[]", "1"])
def test_a_grain_is_a_list_of_columns(tmp_path, grain):
    assert "grain" in failing(write(tmp_path, "things", "select 1 as thing_id", grain=grain))


@pytest.mark.parametrize(
    ("columns", "lacking"),
    [
        ("", "[columns]"),
        ('[columns]\nthing_id = { meaning = "its id" }\n', "thing_id.type"),
        ('[columns]\nthing_id = { type = "INTEGER" }\n', "thing_id.meaning"),
    ],
)
def test_a_metric_documents_each_column(tmp_path, columns, lacking):
    assert lacking in failing(write(tmp_path, "things", "select 1 as thing_id", columns), "metric")


TWO = COLUMNS + 'name = { type = "VARCHAR", meaning = "its name" }\n'


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select '1' as thing_id, 'x' as name", "  thing_id: header INTEGER, query VARCHAR"),
        ("select 'x' as name", "  thing_id: header INTEGER, query –"),
        ("select 1 as thing_id, 'x' as name, 2 as more", "  more: header –, query INTEGER"),
        ("select 1 as id, 'x' as name", "  thing_id: header INTEGER, query –\n  id: header –, query INTEGER"),
        (
            "select 'x' as name, 1 as thing_id",
            "  the order from column 1 on: header thing_id, name; query name, thing_id",
        ),
    ],
)
def test_a_header_that_tells_another_table_shows_both_sides_of_what_differs(tmp_path, sql, told):
    file = sqlfile.read(write(tmp_path, "things", sql, TWO), "metric")
    with pytest.raises(VitalError) as error:
        built(file)
    assert str(error.value) == f"things.sql: the header does not match the query.\n{told}"


@pytest.mark.parametrize("key", ["grain", "show"])
def test_a_header_that_names_a_column_which_is_not_there_shows_both_sides(tmp_path, key):
    file = sqlfile.read(write(tmp_path, "things", "select 1 as thing_id", **{key: '["absent_id"]'}), "model")
    with pytest.raises(VitalError, match=r"things\.sql(.|\n)*absent_id(.|\n)*thing_id"):
        built(file)


def test_files_build_after_what_they_read_whatever_their_names(tmp_path):
    last = sqlfile.read(
        write(tmp_path, "a", "with c as (select * from model.M) select thing_id from c join model.z using (thing_id)"),
        "model",
    )
    middle = sqlfile.read(write(tmp_path, "m", 'select * from Model."z" as t'), "model")
    first = sqlfile.read(write(tmp_path, "z", "with recursive z as (select 1 as thing_id) select * from z"), "model")
    assert [file.name for file in sqlfile.in_build_order([last, middle, first])] == ["z", "m", "a"]
    assert built(last, middle, first).execute("select thing_id from model.a").fetchall() == [(1,)]


def test_a_metric_may_read_a_metric_and_the_model(tmp_path):
    model = sqlfile.read(write(tmp_path, "things", "select 1 as thing_id"), "model")
    one = sqlfile.read(write(tmp_path, "b", "select * from model.things", COLUMNS), "metric")
    two = sqlfile.read(write(tmp_path, "a", "select * from metric.b", COLUMNS), "metric")
    assert [file.table for file in sqlfile.in_build_order([two, one, model])] == [
        "model.things",
        "metric.b",
        "metric.a",
    ]


def test_files_that_wait_for_each_other_are_named(tmp_path):
    circle = [
        sqlfile.read(write(tmp_path, name, f"select * from model.{other}"), "model")
        for name, other in (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    with pytest.raises(VitalError, match=r"model\.a, model\.b, model\.c"):
        sqlfile.in_build_order(circle)


def test_broken_sql_names_file_and_line(tmp_path):
    path = write(tmp_path, "broken", "select 'é' as thing_id\nfrom where")
    line = path.read_text().splitlines().index("from where") + 1
    with pytest.raises(VitalError, match=rf"broken\.sql is not valid SQL: .*where.* LINE {line}$"):
        sqlfile.in_build_order([sqlfile.read(path, "model")])


@pytest.mark.parametrize(
    "sql", ["", "select 1 as thing_id; drop table model.other", "drop table model.other", "copy (select 1) to 'x'"]
)
def test_a_file_is_one_select(tmp_path, sql):
    file = sqlfile.read(write(tmp_path, "odd", sql), "model")
    with pytest.raises(VitalError, match=r"odd\.sql .*SELECT"):
        sqlfile.in_build_order([file])


@pytest.mark.parametrize(
    ("sql", "told"), [("select 1 as thing_id\nfrom model.absent", "absent"), ("select 1 as thing_id,\n nope", "nope")]
)
def test_sql_that_reads_what_is_not_there_names_file_and_line(tmp_path, sql, told):
    path = write(tmp_path, "broken", sql)
    line = path.read_text().splitlines().index(sql.splitlines()[1]) + 1
    with pytest.raises(VitalError, match=rf"broken\.sql failed: .*{told}.* LINE {line}$"):
        built(sqlfile.read(path, "model"))


def test_an_error_that_quotes_a_row_is_told_without_it(tmp_path):
    file = sqlfile.read(
        write(tmp_path, "broken", "select cast(t as integer) as thing_id from (values ('canary')) as v(t)"), "model"
    )
    with pytest.raises(VitalError, match=r"broken\.sql failed: ConversionException") as error:
        built(file)
    assert "canary" not in str(error.value)
    assert error.value.__suppress_context__


def test_the_fingerprint_changes_with_every_definition(tmp_path, monkeypatch):
    folders = {schema: tmp_path / schema for schema in ("model", "metric", "audit")}
    for folder in folders.values():
        folder.mkdir()
    monkeypatch.setattr(sqlfile, "FOLDERS", folders)
    write(folders["metric"], "sums", "select 1 as thing_id", COLUMNS)
    path = write(folders["model"], "things", "select 1 as thing_id")
    before = sqlfile.fingerprint()
    assert before == sqlfile.fingerprint()
    path.write_text(path.read_text().replace("select 1", "select 2"))
    changed = sqlfile.fingerprint()
    assert changed != before
    write(folders["metric"], "sums", "select 2 as thing_id", COLUMNS)
    assert sqlfile.fingerprint() not in (before, changed)


def test_a_rule_is_no_part_of_the_method(tmp_path, monkeypatch):
    (tmp_path / "audit").mkdir()
    monkeypatch.setattr(sqlfile, "FOLDERS", sqlfile.FOLDERS | {"audit": tmp_path / "audit"})
    before = sqlfile.fingerprint()
    write(tmp_path / "audit", "odd_things", "select 1 as thing_id", severity='"info"')
    assert [rule.name for rule in sqlfile.files("audit")] == ["odd_things"]
    assert sqlfile.fingerprint() == before
