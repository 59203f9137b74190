"""Whatever a form, an address or a sheet carries: it is refused in words or kept as it is."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.models import FactImport, Metric, Value
from xiaoer.facts.tests.conftest import HEADS, Sheet

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
HOSTILE = (
    "",
    "\x00",
    "x" * 100_000,
    "<script>alert(1)</script>",
    "'; drop table value; --",
    "9" * 400,
    "-" + "9" * 40,
    "1e400",
    "NaN",
    "∞",
    "=1+1",
    "9999-99-99",
    "0000-00-00",
    "９９９９９９９９９９９９９９９９９９９９９９９",
    "\u202e\u2066\ufeff",
    "[]",
    "\\",
    "%",
    "-1",
)
KINDS = (302, 400, 404, 422)


@pytest.fixture
def browser(of: Of, sign_in: SignIn) -> Client:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
    return sign_in("east-statistics")


def metric_id(of: Of, code: str) -> int:
    with acting(of("east-statistics")):
        return Metric.objects.get(code=code).pk


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_a_figure_with_one_bad_field_is_refused_or_kept_and_never_breaks(
    of: Of, browser: Client, bad: str
) -> None:
    said = {
        "metric": str(metric_id(of, "gdp")), "period": "2023年1-6月", "number": "45.1亿元",
        "column": "official", "aspect": "value", "source": "月报", "part": "", "external_ref": "",
        "known_on": "", "note": "",
    }  # fmt: skip
    for field in said:
        answer = browser.post("/indicators/add/", said | {field: bad})
        assert answer.status_code in KINDS, (field, answer.status_code)
    assert browser.get("/indicators/").status_code == 200
    assert browser.get("/indicators/?export=csv").status_code == 200


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_an_indicator_with_one_bad_field_is_refused_or_kept_and_never_breaks(
    browser: Client, bad: str
) -> None:
    said = {
        "name": "新指标", "name_en": "New", "code": "new_one", "unit": "CNY_100m", "kind": "flow",
        "adds": "sum", "decimals": "2", "better": "higher", "meaning": "",
    }  # fmt: skip
    for number, field in enumerate(said):
        one = said | {"name": f"新指标 {number}", "code": f"new_{number}"} | {field: bad}
        assert browser.post("/indicators/metrics/add/", one).status_code in KINDS, field
    shown = browser.get("/indicators/metrics/").content.decode()
    assert "<script>alert" not in shown


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_no_address_breaks_a_page(browser: Client, sign_in: SignIn, bad: str) -> None:
    city = sign_in("city")
    for reader, page, names in (
        (browser, "/indicators/", ("year", "metric", "q", "as_of", "after", "export")),
        (browser, "/indicators/gdp/", ("as_of", "shape")),
        (browser, "/indicators/records/", ("metric", "from", "to", "part", "firms", "as_of")),
        (browser, "/indicators/metrics/", ("q",)),
        (city, "/indicators/zones/", ("year", "as_of", "metric", "export")),
    ):
        for name in names:
            answer = reader.get(page, {name: bad[:2000]})
            assert answer.status_code in (200, 404, 422), (page, name)
            assert "<script>alert" not in _text(answer)


def _text(answer: object) -> str:
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content).decode("utf-8", "replace")  # type: ignore[attr-defined]  # a streamed answer
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]  # an answer as bytes


UPLOADS = {
    "nothing": b"",
    "text": b"nothing of a sheet",
    "pdf": b"%PDF-1.7\n",
    "broken archive": b"PK\x03\x04" + b"\x00" * 200,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    "program": b"MZ\x90\x00" + b"\x00" * 300,
    "deep json": b"[" * 20_000,
    "odd json": json.dumps([{"指标": {"a": [1]}}, 3, None, "x"]).encode(),
    "wrong encoding": "区,指标,期间,数值\n东区,地区生产总值,2022年,1\n".encode("utf-32"),
    "bytes": bytes(range(256)) * 40,
    "wide": b",".join([b"a"] * 40_000),
    "nul": "区,指标,期间,数值\n东区,地区生产总值\x00,2022年,1\x00\n".encode(),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_no_upload_breaks_the_page_or_the_api(browser: Client, name: str) -> None:
    for address, field in (("/indicators/import/", "paper"), ("/api/v1/values/imports", "sheet")):
        sent = SimpleUploadedFile(f"{name}.xlsx", UPLOADS[name])
        answer = browser.post(address, {field: sent, "column": "reported"})
        assert answer.status_code in (200, 302, 422), (address, answer.status_code)
        if answer.status_code == 302:
            assert browser.get(answer.headers["Location"]).status_code == 200
    assert browser.post("/indicators/import/", {"column": "reported"}).status_code == 422
    assert browser.get("/indicators/import/").status_code == 200


def test_a_workbook_with_macros_is_refused(browser: Client, tmp_path: Path) -> None:

    path = tmp_path / "macros.xlsx"
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with path.open("rb") as sent:
        answer = browser.post("/indicators/import/", {"paper": sent, "column": "reported"})
    assert answer.status_code == 422


DIRTY = (
    ["东区", "地区生产总值", "2022年", "价值", "43.31 亿元 ", "亿元", None, "官方", "月报", "D-1"],
    ["东区", "地区生产总值", "2022年", "价值", "N/A", "亿元", None, "官方", "月报", "D-2"],
    ["东区", "地区生产总值", "去年", "价值", 1, "亿元", None, "官方", "月报", "D-3"],
    ["东区", "不存在的指标", "2022年", "价值", 1, "亿元", None, "官方", "月报", "D-4"],
    ["东区", "地区生产总值", "2021年", "价值", "９０．５", "亿元", None, "官方", "月报", "D-5"],
    ["东区", "地区生产总值", "2020年", "价值", "9" * 60, "亿元", None, "官方", "月报", "D-6"],
    ["东区", "地区生产总值", "2019年", "价值", "=1+1", "亿元", None, "官方", "月报", "D-7"],
    ["东区", "地区生产总值", "2018年", "价值", "12", "公斤", None, "官方", "月报", "D-8"],
    ["东区", "地区生产总值", "2022年", "位次", "1.5", "位", None, "官方", "月报", "D-9"],
    ["东区", "地区生产总值", "2099年", "价值", "1", "亿元", None, "官方", "月报", "D-10"],
    ["东区", "地区生产总值", "2017年", "价值", "<b>1</b>", "亿元", None, "官方", "=cmd()", "D-11"],
    ["东区", "地区生产总值", "2016年", "价值", "≥30", "亿元", None, "官方", "=cmd()", "D-12"],
)  # fmt: skip


def test_every_row_of_a_dirty_sheet_meets_a_fate_with_a_reason(keeper: Actor, sheet: Sheet) -> None:
    path = sheet(DIRTY)
    run = facts.import_values(by=keeper, now=NOW, path=path)
    assert run.read == len(DIRTY)
    assert run.read == run.created + run.updated + run.unchanged + run.rejected
    assert set(Value.objects.values_list("external_ref", flat=True)) == {"D-1", "D-5", "D-12"}
    rejected = run.rows.filter(outcome="rejected")
    assert rejected.count() == run.rejected
    assert all(row.reason and row.advice for row in rejected)
    again = facts.import_values(by=keeper, now=NOW, path=path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert again.file_id == run.file_id
    facts.undo_import(by=keeper, now=NOW, run_id=run.pk)
    assert not queries.series(zone_id=keeper.zone_id or 0, metric_id=_gdp())


def _gdp() -> int:
    return Metric.objects.get(code="gdp").pk


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_holds_a_formula(of: Of, sign_in: SignIn, sheet: Sheet, kind: str) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        run = facts.import_values(by=by, now=NOW, path=sheet(DIRTY))
    browser = sign_in("east-statistics")
    for address in ("/indicators/?", f"/indicators/import/{run.pk}/?"):
        answer = browser.get(f"{address}export={kind}")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer
        assert not [cell for cell in _cells(kind, content) if cell.startswith("=")], address


def _cells(kind: str, content: bytes) -> list[str]:
    if kind == "csv":
        return [
            cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row
        ]
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        f"={cell.value}" if cell.data_type == "f" else ""
        for page in book
        for row in page.iter_rows()
        for cell in row
    ]


def test_a_verb_on_an_import_that_is_done_or_not_there_says_so(
    of: Of, browser: Client, sheet: Sheet
) -> None:
    with sheet([DIRTY[0]]).open("rb") as sent:
        page = browser.post("/indicators/import/", {"paper": sent, "column": "reported"})
    address = page.headers["Location"]
    for said in ({"column-0": "nonsense"}, {"column-99999": "zone"}, {"column-x": "zone"}, {}):
        assert browser.post(f"{address}match/", said).status_code in (302, 422), said
    with acting(of("east-statistics")):
        run = FactImport.objects.get()
    right = {f"column-{n}": key for n, key in _mapping().items()}
    assert browser.post(f"{address}match/", right).status_code == 302
    assert browser.post(f"{address}undo/").status_code == 422
    assert browser.post(f"{address}commit/").status_code == 302
    assert browser.post(f"{address}commit/").status_code == 422
    assert browser.post(f"{address}undo/").status_code == 302
    assert browser.post(f"{address}undo/").status_code == 422
    for number in (run.pk + 1, 10**30):
        for verb in ("match", "commit", "undo"):
            answer = browser.post(f"/indicators/import/{number}/{verb}/")
            assert answer.status_code in (404, 422), (number, verb)
        assert browser.get(f"/indicators/import/{number}/").status_code == 404


def _mapping() -> dict[int, str]:
    keys = ("zone", "metric", "period", "aspect", "number", "unit", "sign", "column", "source",
            "external_ref")  # fmt: skip
    assert len(HEADS) >= len(keys)
    return dict(enumerate(keys))


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_the_api_refuses_in_words_whatever_it_is_told(browser: Client, bad: str) -> None:
    said: dict[str, object] = {
        "metric": "gdp", "period": "2024年", "number": "90", "column": "estimated",
        "source": "预计", "unit": "亿元", "sign": "", "aspect": "value", "part": "",
        "external_ref": "", "known_on": None, "note": "", "party_id": None,
    }  # fmt: skip
    for field in said:
        answer = browser.post(
            "/api/v1/values", json.dumps(said | {field: bad}), content_type="application/json"
        )
        assert answer.status_code in (200, 400, 404, 422), (field, answer.status_code)
    for address in ("indicators", "indicators/records", "indicators/series", "indicators/standing"):
        for name in ("metric", "as_of", "year", "starts_on", "part", "after", "size"):
            asked = {
                "metric": "gdp",
                "starts_on": "2022-01-01",
                "ends_on": "2022-06-30",
                name: bad[:500],
            }
            answer = browser.get(f"/api/v1/{address}", asked)
            assert answer.status_code in (200, 400, 404, 422), (address, name)
