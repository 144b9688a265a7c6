"""A snapshot as files: opened again by other readers it says what the snapshot says, and half of it is never left behind."""

from __future__ import annotations

import csv
import errno
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet
import pytest

from tests import worlds
from tests.functional.test_own_metrics import SQL
from tests.functional.test_workbook import HOSTILE, read
from tests.worlds import uid
from vital_insights import insights
from vital_insights.reports import export, origin
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot, sqlfile

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")
SECRETS = ("CANARY-REJECT",)
LONG = "x" * 1_000_000
SCHEMAS = ("metric", "model", "raw", "audit", "quality")


def hostile_world() -> dict[str, list[dict[str, Any]]]:
    """Every text that people write is hostile once; one statement is a megabyte, one number too long for Excel."""
    world = {table: list(rows) for table, rows in worlds.SMALL.items()}
    for n, text in enumerate(HOSTILE):
        world["jobs_to_be_done"].append(
            {"id": uid(f"h{n}"), "code": text, "name": text, "functional_area": text, "status": "active"}
        )
        scores = {"importance_score": Decimal("9.123456"), "satisfaction_score": Decimal(n)}
        world["jtbd_outcomes"].append(
            {
                "id": uid(f"ho{n}"),
                "outcome_id": text,
                "outcome_statement": text,
                "jtbd_id": uid(f"h{n}"),
                "evidence_source": text,
                **scores,
            }
        )
    world["jtbd_outcomes"].append({"id": uid("long"), "outcome_statement": LONG, "jtbd_id": uid("j1")})
    world["org_roles"].append({"id": uid("hr"), "name": "=cmd|' /C calc'!A0", "code": "@SUM(1)"})
    world["jtbd_kpis"] = [
        {"id": uid("k1"), "jtbd_id": uid("j1"), "kpi_name": "-2+3", "unit": "+1", "direction": "higher",
         "target_value": Decimal("123456789012.123457"), "current_value": Decimal("0.5")},
    ]  # fmt: skip
    world["tenant_members"] = [{"role": "owner", "n": 3}]
    return world


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A warehouse with the hostile tenant, and its newest snapshot."""
    warehouse = tmp_path_factory.mktemp("hostile") / "warehouse"
    folder = warehouse / str(worlds.ACME)
    plain = worlds.insert

    def with_reject(connection: Any, world: Any) -> None:
        plain(connection, world)
        row = ["jtbd_outcomes", "k", "importance_score", SECRETS[0]]
        connection.execute("insert into raw.rejects values (?, ?, ?, ?)", row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "insert", with_reject)
        worlds.publish(folder, worlds.SMALL)
        return warehouse, worlds.publish(folder, hostile_world())


@pytest.fixture
def oracle(published) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file itself, by a connection of our own; ids as text, instants without their zone, which is UTC."""
    with duckdb.connect(str(published[1]), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def stored(oracle: duckdb.DuckDBPyConnection, table: str) -> tuple[list[str], list[list[Any]]]:
    kinds = {name: kind for name, kind, *_ in oracle.execute(f"describe {table}").fetchall()}
    as_ = {"UUID": "::varchar", "TIMESTAMP WITH TIME ZONE": "::timestamp"}
    shown = ", ".join(f'"{name}"{as_.get(kind, "")}' for name, kind in kinds.items())
    return list(kinds), [list(row) for row in oracle.execute(f"select {shown} from {table}").fetchall()]


def tables(oracle: duckdb.DuckDBPyConnection) -> set[str]:
    found = oracle.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    return {f"{schema}.{name}" for schema, name in found if schema in SCHEMAS} - {"raw.rejects"}


def inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(LIVE) else value


def in_order(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=repr)


def test_every_cell_of_the_workbook_is_what_the_snapshot_says(run, published, oracle, tmp_path: Path) -> None:
    code, out, err = run("export", "acme", "-o", "all.xlsx", VITAL_WAREHOUSE=str(published[0]))
    assert (code, err) == (0, ""), err
    assert out.startswith("all.xlsx: ")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    names = sorted(table.removeprefix("metric.") for table in tables(oracle) if table.startswith("metric."))
    titles = {each["name"]: each["title"] for each in insights.catalogue()}
    first = ["opportunity", "opportunity_by", "band_summary"]
    names = [*first, *sorted(set(names) - set(first), key=titles.__getitem__)]
    sheets = ["method in figures" if n == "method" else n for n in names]
    assert book.sheetnames == ["Contents", *sheets, "Columns", "Method"]
    for name, sheet in zip(names, book.worksheets[1:-2], strict=True):
        header, rows = stored(oracle, f"metric.{name}")
        assert [cell.value for cell in sheet[1]] == header
        assert [table.ref for table in sheet.tables.values()] == [
            sheet.dimensions if rows else f"{sheet.dimensions[:-1]}2"
        ]
        told = [
            [read(c.value) if isinstance(c.value, str) else c.value for c in row] for row in sheet.iter_rows(min_row=2)
        ]
        meant = [[_in_excel(value) for value in row] for row in rows] or [[None] * len(header)]
        assert in_order(told or [[None] * len(header)]) == in_order(meant), name
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "d"}
        assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    statements = [cell.value for cell in book["opportunity"]["C"]]
    assert sum(len(text or "") == 32_767 for text in statements) == 1


def test_the_first_sheet_leads_to_every_other_and_counts_its_rows(run, published, tmp_path: Path) -> None:
    assert run("export", "acme", "-o", "all.xlsx", VITAL_WAREHOUSE=str(published[0]))[0] == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    contents = book["Contents"]
    assert contents["A1"].value == "Acme"
    assert contents["A2"].value.startswith("Snapshot of 1 Mar 2026 06:00 UTC")
    listed = [row for row in contents.iter_rows(min_row=5) if row[0].value]
    assert [row[0].value for row in listed] == book.sheetnames[1:]
    for name, said, rows in listed:
        assert (name.hyperlink.target, name.hyperlink.location) == (None, f"'{name.value}'!A1")
        assert said.value
        if name.value != "Method":
            found = [
                row for row in book[name.value].iter_rows(min_row=2, values_only=True) if row != (None,) * len(row)
            ]
            assert rows.value == len(found)


def _in_excel(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)[:32_767] or None
    if isinstance(value, Decimal | float):
        return float(f"{value:.16G}")
    return value


def test_the_workbook_tells_what_it_could_not_hold_and_what_its_columns_mean(run, published, tmp_path: Path) -> None:
    assert run("export", "acme", "-o", "all.xlsx", VITAL_WAREHOUSE=str(published[0]))[0] == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    method = [(row[0].value, row[1].value) for row in book["Method"].iter_rows()]
    assert dict(method)["Formula"] == "opportunity = importance + max(importance - satisfaction, 0)"
    assert [told for what, told in method if what == "Cut"] == [
        "opportunity: 1 of the cells in column statement were longer than 32,767 characters and are cut there.",
        "kpi_attainment: 1 of the cells in column target_value have more digits than Excel keeps and are rounded to 16.",
        "kpi_attainment: 1 of the cells in column gap have more digits than Excel keeps and are rounded to 16.",
    ]
    header, *rows = [[cell.value for cell in row] for row in book["Columns"].iter_rows()]
    assert header == ["sheet", "column", "type", "unit", "meaning", "empty means"]
    catalogue = {(m["name"], c["column"]): c for m in insights.catalogue() for c in m["columns"]}
    told = {(row[0].removesuffix(" in figures"), row[1]): row for row in rows}
    assert told.keys() == catalogue.keys()
    assert all(told[key][4] == about["meaning"] for key, about in catalogue.items())


def test_nothing_in_the_workbook_reaches_outside_it(run, published, tmp_path: Path) -> None:
    assert run("export", "acme", "-o", "all.xlsx", VITAL_WAREHOUSE=str(published[0]))[0] == 0
    with zipfile.ZipFile(tmp_path / "all.xlsx") as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
        for name in parts.namelist():
            body = parts.read(name)
            assert b"<f>" not in body, name
            assert b"TargetMode" not in body, name
            assert b"<hyperlink" not in body or name == "xl/worksheets/sheet1.xml"  # the contents, and within the file
            assert not any(secret.encode() in body for secret in SECRETS)


def test_csv_read_by_another_reader_is_the_snapshot(run, published, oracle, tmp_path: Path) -> None:
    code, _, err = run("export", "acme", "--format", "csv", "-o", "files", VITAL_WAREHOUSE=str(published[0]))
    assert (code, err) == (0, ""), err
    files = {path for path in (tmp_path / "files").rglob("*") if path.is_file()}
    assert {f"{path.parent.name}.{path.stem}" for path in files if path.suffix == ".csv"} == tables(oracle)
    csv.field_size_limit(2_000_000)
    for table in sorted(tables(oracle)):
        header, rows = stored(oracle, table)
        with (
            (tmp_path / "files" / table.replace(".", "/", 1))
            .with_suffix(".csv")
            .open(newline="", encoding="utf-8") as text
        ):
            names, *told = list(csv.reader(text))
        assert names == header
        meant = [[_in_csv(value) for value in row] for row in rows]
        assert in_order(
            [[_as(want, got) for want, got in zip(*pair, strict=True)] for pair in _matched(meant, told)]
        ) == in_order(meant), table
        assert not [cell for row in told for cell in row if cell.startswith(LIVE) and not _is_number(cell)]
    assert not [path for path in files for secret in SECRETS if secret.encode() in path.read_bytes()]


def _in_csv(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    return inert(value) if isinstance(value, str) else value


def _matched(meant: list[list[Any]], told: list[list[str]]) -> Iterator[tuple[list[Any], list[str]]]:
    """Rows side by side: both in the order of what a CSV writer of our own would make of them."""
    assert len(meant) == len(told)
    return zip(
        sorted(meant, key=lambda row: [_text(value) for value in row]),
        sorted(told, key=lambda row: [*map(_told, row)]),
        strict=True,
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat(timespec="microseconds")
    return repr(value) if isinstance(value, float) else str(value)


def _told(cell: str) -> str:
    try:
        return datetime.strptime(cell, "%Y-%m-%dT%H:%M:%S.%f%z").isoformat(timespec="microseconds")
    except ValueError:
        return cell


def _as(meant: Any, cell: str) -> Any:
    """A cell as the type of what it should be; a cell that is not of that type stays a text and so differs."""
    if cell == "" and meant is None:
        return None
    try:
        match meant:
            case bool():
                return {"true": True, "false": False}[cell]
            case int() | float() | Decimal():
                return type(meant)(cell)
            case datetime():
                return datetime.strptime(cell, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC).replace(tzinfo=None)
    except (ValueError, KeyError, ArithmeticError):
        pass
    return cell


def _is_number(cell: str) -> bool:
    try:
        return bool(Decimal(cell).is_finite())
    except ArithmeticError:
        return False


def test_parquet_read_by_another_reader_is_the_snapshot_value_by_value(run, published, oracle, tmp_path: Path) -> None:
    code, _, err = run("export", "acme", "pq", "--format", "parquet", VITAL_WAREHOUSE=str(published[0]))
    assert (code, err) == (0, ""), err
    for table in sorted(tables(oracle)):
        header, rows = stored(oracle, table)
        told = pyarrow.parquet.read_table(tmp_path / "pq" / f"{table.replace('.', '/', 1)}.parquet")
        assert told.column_names == header
        plain = [[_naive(value) for value in row.values()] for row in told.to_pylist()]
        assert in_order(plain) == in_order(rows), table
    schema = pyarrow.parquet.read_schema(tmp_path / "pq" / "metric" / "opportunity.parquet")
    assert str(schema.field("score").type) == "decimal128(18, 6)"
    assert str(schema.field("updated_at").type) == "timestamp[us, tz=UTC]"


def _naive(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def test_the_readme_names_every_file_with_its_rows_and_every_column(run, published, oracle, tmp_path: Path) -> None:
    assert run("export", "acme", "pq", "--format", "parquet", VITAL_WAREHOUSE=str(published[0]))[0] == 0
    text = (tmp_path / "pq" / "README.md").read_text(encoding="utf-8")
    for table in tables(oracle):
        header, rows = stored(oracle, table)
        assert f"| `{table.replace('.', '/', 1)}.parquet` | {len(rows):,} |" in text
        section = text.split(f"\n## {table}\n")[1].split("\n## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == header
    assert "importance + max(importance - satisfaction, 0)" in text
    assert published[1].stem in text


def test_one_metric_and_an_older_snapshot_may_be_asked_for(run, published, oracle, tmp_path: Path) -> None:
    warehouse = str(published[0])
    older = min(snapshot.names(published[1].parent), key=snapshot.instant)
    words = ("export", "acme", "--metric", "opportunity", "--snapshot", older)
    assert run(*words, "-o", "one.xlsx", VITAL_WAREHOUSE=warehouse)[0] == 0
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert book.sheetnames == ["Contents", "opportunity", "Columns", "Method"]
    assert book["opportunity"].max_row == 1 + 8
    assert run(*words, "--format", "csv", "-o", "one")[0] == 0
    assert sorted(str(p.relative_to(tmp_path / "one")) for p in (tmp_path / "one").rglob("*.*")) == [
        "README.md",
        "metric/opportunity.csv",
    ]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ("export", "nobody", "-o", "missing/a.xlsx"),
            2,
            "missing/a.xlsx cannot be written: No such file or directory",
        ),
        (("export", "nobody", "-o", "."), 2, "no name for a workbook"),
        (("export", "nobody", "-o", "taken.xlsx"), 2, "taken.xlsx cannot be written"),
        (("export", "nobody", "--format", "csv", "-o", "taken.xlsx"), 2, "taken.xlsx is there already"),
        (("export", "nobody", "--format", "parquet", "-o", "file"), 2, "file is there already"),
        (("export", "nobody"), 2, "Say once where to write"),
        (("export", "nobody", "a.xlsx", "-o", "b.xlsx"), 2, "Say once where to write"),
        (("export", "nobody", "-o", "a.xlsx"), 13, "vital-insights refresh TENANT"),
        (("export", "acme", "-o", "a.xlsx", "--metric", "oportunity"), 2, "did you mean opportunity"),
        (("export", "acme", "--format", "csv", "-o", "a", "--metric", "oportunity"), 2, "did you mean opportunity"),
        (("export", "acme", "-o", "a.xlsx", "--snapshot", "snapshot-2026"), 2, "There is no snapshot 'snapshot-2026'"),
        (("export", "acme", "-o", "a.xlsx", "--format", "pdf"), 2, "pdf"),
    ],
)
def test_a_mistake_is_told_before_any_work_and_leaves_nothing(
    words, code, told, run, published, tmp_path: Path
) -> None:
    (tmp_path / "taken.xlsx").mkdir()
    (tmp_path / "taken.xlsx" / "kept").touch()
    (tmp_path / "file").write_text("kept")
    before = sorted(tmp_path.rglob("*"))
    done = run(*words, VITAL_WAREHOUSE=str(published[0]))
    assert (done[0], told in done[2], "Traceback" in done[2]) == (code, True, False), done[2]
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 3, "could not be written: No space left on device"),
        (KeyboardInterrupt(), 130, ""),
        (RuntimeError("odd"), 3, "something unforeseen"),
    ],
)
@pytest.mark.parametrize("target", ["a.xlsx", "files"])
def test_a_fault_half_way_leaves_what_was_there_and_nothing_else(
    fault, code, told, target, run, published, monkeypatch, tmp_path: Path
) -> None:
    written: list[Path] = []
    whole = Path.write_bytes

    def failing(path: Path, body: bytes) -> int:
        whole(path, body[: len(body) // 2])
        written.append(path)
        if path.suffix == ".xlsx" or len(written) == 3:
            raise fault
        return len(body)

    monkeypatch.setattr(Path, "write_bytes", failing)
    if target == "a.xlsx":
        (tmp_path / target).touch()
    before = sorted(tmp_path.rglob("*"))
    kind = "xlsx" if target == "a.xlsx" else "csv"
    done = run("export", "acme", "-o", target, "--format", kind, VITAL_WAREHOUSE=str(published[0]))
    assert written
    assert (done[0], told in done[2]) == (code, True), done
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path / "files").exists()
    assert target != "a.xlsx" or (tmp_path / target).stat().st_size == 0


def test_an_empty_folder_may_be_filled_and_a_workbook_replaced(run, published, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "a.xlsx").write_text("old")
    assert run("export", "acme", "--format", "csv", "-o", "files", VITAL_WAREHOUSE=str(published[0]))[0] == 0
    assert run("export", "acme", "-o", "a.xlsx")[0] == 0
    assert zipfile.is_zipfile(tmp_path / "a.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "files"]


def test_a_snapshot_of_an_older_package_says_what_it_did_not_record(run, tmp_path: Path) -> None:
    worlds.publish(
        tmp_path / "old" / str(worlds.ACME), worlds.SMALL, without=("metric.method", "metric.kpi_attainment")
    )
    told = {"VITAL_WAREHOUSE": str(tmp_path / "old")}
    assert run("export", "acme", "-o", "old.xlsx", **told)[0] == 0
    book = openpyxl.load_workbook(tmp_path / "old.xlsx")
    assert "kpi_attainment" not in book.sheetnames
    about = {row[0].value: row[1].value for row in book["Method"].iter_rows()}
    assert about["Formula"] == "not recorded in this snapshot"
    code, _, err = run("export", "acme", "-o", "one.xlsx", "--metric", "kpi_attainment")
    assert (code, "older version, which had no metric 'kpi_attainment'" in err) == (2, True)
    assert not (tmp_path / "one.xlsx").exists()
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path / "old")) as opened:
        assert origin.footer(opened) == "Acme · snapshot 1 Mar 2026 06:00 UTC"


def test_a_metric_of_ones_own_may_be_named(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "work_by_job.sql").write_text(SQL)
    files = sqlfile.in_build_order([*sqlfile.definitions(), *sqlfile.own_metrics(tmp_path / "ours")])
    monkeypatch.setattr(worlds, "ordered", lambda: files)
    own = {"metrics": {"work_by_job": SQL}}
    worlds.publish(tmp_path / "warehouse" / str(worlds.ACME), worlds.SMALL, told=own)
    words = ("export", "acme", "--metric", "work_by_job", "-o")
    assert run(*words, "own.xlsx", VITAL_WAREHOUSE=str(tmp_path / "warehouse"))[0] == 0
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    assert [row[0].value for row in book["work_by_job"].iter_rows()] == ["job_code", "J-1", "J-2"]
    assert "None" not in " ".join(str(row[1].value) for row in book["Method"].iter_rows())
    assert run(*words, "own", "--format", "csv")[0] == 0
    assert (tmp_path / "own" / "metric" / "work_by_job.csv").is_file()


def test_a_table_of_an_unknown_name_has_a_nearest_one(published) -> None:
    with insights.open_tenant("acme", settings=Settings(warehouse=published[0])) as opened:
        with pytest.raises(ValueError, match=r"did you mean metric\.opportunity"):
            opened.whole("metric.oportunity")
        assert {table["table"] for table in opened.contents()} >= export.WITHHELD
