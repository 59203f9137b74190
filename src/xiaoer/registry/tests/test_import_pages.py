"""The pages of an import: refused kindly, shown before written, downloadable, and only for keepers."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town import NOW
from xiaoer.base.models import AccessMiss
from xiaoer.base.scope import Actor, acting
from xiaoer.base.tests.dirty_sheets import write_workbook
from xiaoer.registry import actions as registry
from xiaoer.registry import jobs
from xiaoer.registry.models import ImportRun, Party
from xiaoer.registry.tests.sheets import firm, receive, write_sheet

SignIn = Callable[[str], Client]
Of = Callable[[str], Actor]


@pytest.fixture(autouse=True)
def files_folder(settings: Any, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path / "files"


def upload(client: Client, content: bytes, name: str = "sheet.xlsx") -> Any:
    paper = SimpleUploadedFile(name, content)
    return client.post(reverse("import_new"), {"paper": paper}, headers={"HX-Request": "true"})


def sheet(tmp_path: Path, *rows: Any) -> bytes:
    return write_sheet(tmp_path / "a.xlsx", rows).read_bytes()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 2**20))
    return made.getvalue()


def with_macros(tmp_path: Path) -> bytes:
    path = write_sheet(tmp_path / "m.xlsx", [firm(1)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return path.read_bytes()


def test_a_sheet_is_shown_before_it_is_written(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("east-admin")
    rows = [firm(1), firm(2, code="12345"), firm(3, capital="很多")]
    answer = upload(client, sheet(tmp_path, *rows))
    address = answer["HX-Redirect"]
    page = client.get(address).content.decode()
    assert "12345" in page
    assert "很多" in page
    assert "导入 1 行合格的" in page
    number = int(address.rstrip("/").rsplit("/", 1)[1])
    client.post(reverse("import_commit", args=[number]), {"rows": "all"})
    assert "已导入" not in client.get(reverse("import_list")).content.decode()
    client.post(reverse("import_commit", args=[number]), {"rows": "good"})
    page = client.get(address).content.decode()
    assert "济宁样例第1机械有限公司" in page
    client.post(reverse("import_undo", args=[number]))
    assert "移除企业 1 家" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"", "a.xlsx", "0"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "a.xlsx", "图片"),
        (b"MZ" + bytes(200), "a.csv", "图片"),
        (b"PK\x03\x04 nothing", "a.xlsx", "损坏"),
        (b"<html><table></table></html>", "a.xls", "网页"),
        (b"{broken", "a.json", "JSON"),
        (b"\n\n\n", "a.csv", "空"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(
    sign_in: SignIn, content: bytes, name: str, word: str
) -> None:
    answer = upload(sign_in("east-admin"), content, name)
    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_macros_bombs_and_giants_are_refused(
    sign_in: SignIn, tmp_path: Path, settings: Any
) -> None:
    client = sign_in("east-admin")
    assert "宏" in upload(client, with_macros(tmp_path)).content.decode()
    assert upload(client, bomb()).status_code == 422
    assert upload(client, b"a,b\n" * (13 * 2**20), "a.csv").status_code == 422
    settings.UPLOAD_LIMIT = 1000
    assert upload(client, b"x" * 2000, "a.csv").status_code == 413
    nothing = client.post(reverse("import_new"), headers={"HX-Request": "true"})
    assert nothing.status_code == 422


def test_columns_are_corrected_on_the_page(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("east-admin")
    rows = [["甲列", "乙列"], ["济宁某厂", "存续"]]
    content = write_workbook(tmp_path / "odd.xlsx", rows).read_bytes()
    address = upload(client, content)["HX-Redirect"]
    assert "没有找到" in client.get(address).content.decode()
    number = int(address.rstrip("/").rsplit("/", 1)[1])
    client.post(
        reverse("import_match", args=[number]),
        {"column-0": "name", "column-1": "", "column-x": "name", "column-9999999999999999999": "x"},
    )
    assert "全部导入 1 行" in client.get(address).content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_rows_to_correct_are_downloaded_with_their_reasons(
    sign_in: SignIn, of: Of, tmp_path: Path, kind: str
) -> None:
    by = of("east-admin")
    rows = [firm(1, code="12345", address="=1+1"), firm(2, officer="没有人"), firm(3)]
    with acting(by):
        run = receive(by, write_sheet(tmp_path / "a.csv", rows))
    client = sign_in("east-admin")
    address = reverse("import_reasons", args=[run.pk])
    answer = client.get(address, {"export": kind, "outcome": "all"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    if kind == "csv":
        text = content.decode("utf-8-sig")
        assert "没有人" in text
        assert "'=1+1" in text
        return
    book = load_workbook(io.BytesIO(content)).worksheets[0]
    lines = [[cell.value for cell in line] for line in book.iter_rows()]
    assert [line[3] for line in lines[1:]] == [2, 3, 4]
    assert lines[0][4] == "企业名称"
    assert all(cell.data_type != "f" for line in book.iter_rows() for cell in line)
    # Corrected, it goes in again as it is.
    code = lines[0].index("统一社会信用代码") + 1
    book.cell(row=2, column=code).value = None
    assert book.parent is not None
    book.parent.save(tmp_path / "again.xlsx")
    with acting(by):
        again = receive(by, tmp_path / "again.xlsx")
        assert (again.read, again.created, again.rejected) == (3, 3, 0)


def test_a_large_sheet_is_work_for_a_job(sign_in: SignIn, of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    client = sign_in("east-admin")
    path = write_sheet(tmp_path / "large.csv", [firm(number) for number in range(1, 2_050)])
    address = upload(client, path.read_bytes(), "large.csv")["HX-Redirect"]
    number = int(address.rstrip("/").rsplit("/", 1)[1])
    job = ProcrastinateJob.objects.get(task_name="work_on_import")
    assert set(job.args) == {"zone_id", "run_id", "post_id"}
    assert "排队" in client.get(address).content.decode()
    progress = reverse("import_progress", args=[number])
    assert "HX-Refresh" not in client.get(progress)
    again = client.post(reverse("import_again", args=[number]))
    assert again.status_code == 302
    for expected in ("全部导入 2049 行", "济宁样例第1机械有限公司", "移除企业 2,049 家"):
        jobs.work_on_import(zone_id=by.zone_id, run_id=number, post_id=by.post_id)
        page = client.get(address).content.decode()
        assert expected in page.replace("2,049 行", "2049 行")
        assert client.get(progress)["HX-Refresh"] == "true"
        with acting(by):
            state = ImportRun.objects.get(pk=number).state
        verb = "import_commit" if state == "previewed" else "import_undo"
        client.post(reverse(verb, args=[number]), {"rows": "all"})
    with acting(by):
        assert not Party.objects.filter(import_run=number).exists()


def test_a_job_that_is_refused_says_why(of: Of, sign_in: SignIn, tmp_path: Path) -> None:
    by = of("east-admin")
    client = sign_in("east-admin")
    content = ("说明\n" + "随便\n" * 2_100).encode()
    address = upload(client, content, "large.csv")["HX-Redirect"]
    number = int(address.rstrip("/").rsplit("/", 1)[1])
    jobs.work_on_import(zone_id=by.zone_id, run_id=number, post_id=by.post_id)
    page = client.get(address).content.decode()
    assert "没有找到" in page or "重新开始" in page


@pytest.mark.parametrize("username", ["east-officer", "west-admin"])
def test_others_neither_read_nor_touch_a_sheet(
    sign_in: SignIn, of: Of, tmp_path: Path, username: str
) -> None:
    by = of("east-admin")
    with acting(by):
        run = registry.import_file(by=by, now=NOW, path=write_sheet(tmp_path / "a.xlsx", [firm(1)]))
    client = sign_in(username)
    before = AccessMiss.objects.count()
    for name in ("import_run", "import_progress", "import_reasons"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 404
    for name in ("import_match", "import_commit", "import_undo", "import_again"):
        assert client.post(reverse(name, args=[run.pk])).status_code == 404
    assert AccessMiss.objects.count() == before + 7
    with acting(by):
        assert Party.objects.filter(import_run=run).count() == 1
