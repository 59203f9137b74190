"""Papers: looked at before they are believed, kept once, and harmless when they are opened."""

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.files import tidy_name
from xiaoer.base.models import Attachment, JournalLine, Office, StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.base.sniffing import DOCX, JPEG, XLSX, sniff

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "files"
    settings.FILES_KEY = tmp_path / "files.key"
    return tmp_path / "files"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, "teal").save(kept, form, **more)
    return kept.getvalue()


def word() -> bytes:
    kept = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("设立专班的通知")
    document.save(kept)
    return kept.getvalue()


def excel() -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    book.add_worksheet().write(0, 0, "名单")
    book.close()
    return kept.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def keep(by: Actor, content: bytes, name: str = "paper", **more: Any) -> StoredFile:
    return files.keep_file(by=by, now=NOW, stream=io.BytesIO(content), name=name, **more)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "通知.pdf", "application/pdf"),
        (picture(), "现场.jpg", "image/jpeg"),
        (picture("PNG"), "现场.png", "image/png"),
        (picture("WEBP"), "现场.webp", "image/webp"),
        (word(), "通知.docx", DOCX.media_type),
        (excel(), "名单.xlsx", XLSX.media_type),
        ("姓名,电话\n甲,1\n".encode("gb18030"), "名单.csv", "text/csv"),
        ("情况说明：已办结。".encode(), "说明.txt", "text/plain"),
    ],
)
def test_real_papers_are_kept(of: Of, content: bytes, name: str, media_type: str) -> None:
    by = of("east-officer")
    with acting(by):
        assert keep(by, content, name).media_type == media_type


PAGE = b"<html><script>alert(1)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (PAGE, "page.html"),
        (PAGE, "page.txt"),
        (b"\xef\xbb\xbf   \n" + PAGE, "page.csv"),
        (DRAWING, "drawing.svg"),
        (DRAWING, "drawing.txt"),
        (b"a,b\n1,<ScRiPt src=x>\n", "list.csv"),
        (b"MZ\x90\x00program", "setup.pdf"),
        (b"GIF89a" + b"\0" * 50, "moving.gif"),
        (b"\x7fELF\x02\x01", "tool.jpg"),
        (packed({"a.txt": b"x"}), "papers.zip"),
        (
            packed(
                {"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}
            ),
            "m.docx",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.doc"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "phone.heic"),
        (b"%PDF-1.4 cut off", "cut.pdf"),
        (b"\xff\xd8\xff\xe0 no picture", "no.jpg"),
        (picture()[:200], "half.jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "no.webp"),
        (b"text\0with zero", "zero.txt"),
        (b"\xff\xfe\xff\xfe\xff", "broken.txt"),
    ],
)
def test_what_is_not_on_the_list_is_refused(
    of: Of, content: bytes, name: str, folder: Path
) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        keep(by, content, name)
    assert not list(folder.rglob("*.sealed")), "nothing is left behind"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF + packed({"evil.class": b"x"}), "pdf-and-archive.pdf"),
        (PDF + PAGE, "pdf-and-page.pdf"),
        (word() + PAGE, "word-and-page.docx"),
        (word() + PDF, "word-and-pdf.docx"),
    ],
)
def test_a_paper_that_is_two_things_is_refused(of: Of, content: bytes, name: str) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        keep(by, content, name)


def test_what_hides_behind_a_picture_does_not_come_in(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        for content in (
            picture() + PAGE,
            picture("PNG") + packed({"a": b"x"}),
            picture("WEBP") + PAGE,
        ):
            kept = files.bytes_of(keep(by, content, "x.jpg"))
            assert b"script" not in kept
            assert b"PK\x03\x04" not in kept


def test_a_picture_loses_the_place_it_was_taken_and_stands_upright(of: Of) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telephone"
    exif.get_ifd(0x8825)[2] = (35.0, 24.0, 0.0)
    content = picture(size=(40, 30), exif=exif, comment=b"secret place")
    by = of("east-officer")
    with acting(by):
        plain = files.bytes_of(keep(by, content, "x.jpg"))
    assert b"secret" not in plain
    assert b"Telephone" not in plain
    with Image.open(io.BytesIO(plain)) as kept:
        assert kept.size == (30, 40)
        assert not dict(kept.getexif())


def test_a_picture_keeps_the_place_for_whoever_asks_for_it_and_nothing_else(of: Of) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    exif.get_ifd(0x8825)[2] = (35.0, 24.0, 0.0)
    exif.get_ifd(0x8825)[29] = "2026:11:20"
    by = of("east-officer")
    with acting(by):
        file = keep(by, picture(exif=exif), "gate.jpg", keep_place=True)
    with Image.open(io.BytesIO(files.bytes_of(file))) as kept:
        assert dict(kept.getexif().get_ifd(0x8825)) == {2: (35.0, 24.0, 0.0)}
        assert 0x010F not in kept.getexif()


def test_a_photo_of_a_telephone_is_kept_as_jpg_upright_and_without_its_place(of: Of) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (35.0, 24.0, 0.0)
    content = picture("HEIF", size=(64, 48), exif=exif)
    by = of("east-officer")
    with acting(by):
        file = keep(by, content, "IMG_0001.HEIC")
    assert file.media_type == "image/jpeg"
    with Image.open(io.BytesIO(files.bytes_of(file))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (64, 48))
        assert not dict(kept.getexif())


@pytest.mark.parametrize("content", [b"no photo at all", PDF, b"\xff\xd8\xff" + b"x" * files.LIMIT])
def test_what_is_no_photo_or_too_large_is_refused_by_its_name(of: Of, content: bytes) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused, match=r"大门\.jpg") as refused:
        files.pin_uploads(
            by=by, now=NOW, uploads=[SimpleUploadedFile("大门.jpg", content)], subject=office(by),
            only_photos=True,
        )  # fmt: skip
    assert refused.value.field == "photo"


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unfolds to width x height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        )

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9_000, 9_000), (60_000, 60_000)])
def test_a_picture_that_unfolds_beyond_reason_is_refused_unread(
    of: Of, size: tuple[int, int]
) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        keep(by, _bomb(*size), "bomb.png")


def test_a_document_that_unpacks_beyond_reason_is_refused(of: Of) -> None:
    content = packed({"[Content_Types].xml": b"", "word/document.xml": b"0" * (301 * 2**20)})
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        keep(by, content, "bomb.docx")


def test_a_file_over_the_limit_is_refused_before_it_is_all_read(of: Of) -> None:
    class Endless:
        read_bytes = 0

        def read(self, size: int = -1, /) -> bytes:
            self.read_bytes += size
            return b"x" * size

    by, stream = of("east-officer"), Endless()
    with acting(by), pytest.raises(Refused):
        files.keep_file(by=by, now=NOW, stream=stream, name="x.txt", limit=2**20)
    assert stream.read_bytes < 2**20 + 2**17


def test_the_same_paper_is_kept_once(of: Of, folder: Path) -> None:
    by = of("east-officer")
    with acting(by):
        first, second = keep(by, PDF, "a.pdf"), keep(by, PDF, "b.pdf")
    assert first.pk == second.pk
    assert len(list(folder.rglob("*.sealed"))) == 1


def office(by: Actor) -> Office:
    return Office.objects.get(pk=by.office_id or 0)


def test_a_paper_is_pinned_taken_off_and_put_back(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        kept = keep(by, PDF, "a.pdf")
        pin = files.pin_file(by=by, now=NOW, file=kept, subject=office(by), name="../../a.PDF")
        files.unpin_file(by=by, now=NOW, attachment=pin)
        assert files.papers_of(by=by, table="office", number=by.office_id or 0).rows == ()
        files.pin_again(by=by, now=NOW, attachment=pin)
        assert [
            one.name
            for one in files.papers_of(by=by, table="office", number=by.office_id or 0).rows
        ] == ["a.pdf"]
        verbs = set(
            JournalLine.objects.filter(subject_type="office").values_list("verb", flat=True)
        )
    assert {"pin_file", "unpin_file", "pin_again"} <= verbs


def test_outside_roles_pin_nothing_where_the_room_does_not_let_them(of: Of) -> None:
    by = of("east-desk")
    outside = Actor(zone_id=by.zone_id, party_ref=7, name="企业")
    with acting(by):
        kept, place = keep(by, PDF, "a.pdf"), office(by)
    with acting(outside), pytest.raises(Refused):
        files.pin_file(by=outside, now=NOW, file=kept, subject=place, name="a.pdf")


def upload(client: Client, number: int, content: bytes, name: str, **headers: str) -> Any:
    paper = SimpleUploadedFile(name, content)
    return client.post(f"/papers/office/{number}/", {"paper": paper}, headers=headers)


def test_a_paper_goes_in_and_out_of_the_browser(of: Of, sign_in: SignIn) -> None:
    by, client = of("east-desk"), sign_in("east-desk")
    part = upload(client, by.office_id or 0, PDF, "通知.pdf", **{"HX-Request": "true"})
    assert part.status_code == 200
    with acting(by):
        pin = Attachment.objects.get(subject_id=by.office_id or 0)
    answer = client.get(f"/papers/{pin.pk}/")
    assert b"".join(answer) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_documents_are_saved_and_never_shown_by_the_browser(of: Of, sign_in: SignIn) -> None:
    by, client = of("east-desk"), sign_in("east-desk")
    upload(client, by.office_id or 0, b"a,b\n", "名单.csv")
    with acting(by):
        pin = Attachment.objects.get(subject_id=by.office_id or 0)
    answer = client.get(f"/papers/{pin.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_refused_paper_is_explained_beside_the_field(of: Of, sign_in: SignIn) -> None:
    by, client = of("east-desk"), sign_in("east-desk")
    answer = upload(client, by.office_id or 0, PAGE, "x.html", **{"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#error-paper")


def test_papers_of_another_zone_are_not_there(of: Of, sign_in: SignIn) -> None:
    by, client = of("east-desk"), sign_in("east-desk")
    upload(client, by.office_id or 0, PDF, "a.pdf")
    with acting(by):
        pin = Attachment.objects.get(subject_id=by.office_id or 0)
    stranger = sign_in("west-admin")
    assert stranger.get(f"/papers/{pin.pk}/").status_code == 404
    assert stranger.post(f"/papers/{pin.pk}/remove/").status_code == 404
    assert stranger.get(f"/papers/office/{by.office_id}/").status_code == 404
    assert upload(stranger, by.office_id or 0, PDF, "a.pdf").status_code == 404


def test_a_paper_taken_off_is_not_there_any_more(of: Of, sign_in: SignIn) -> None:
    by, client = of("east-desk"), sign_in("east-desk")
    upload(client, by.office_id or 0, PDF, "a.pdf")
    with acting(by):
        pin = Attachment.objects.get(subject_id=by.office_id or 0)
    client.post(f"/papers/{pin.pk}/remove/")
    assert client.get(f"/papers/{pin.pk}/").status_code == 404
    client.post(f"/papers/{pin.pk}/return/")
    assert client.get(f"/papers/{pin.pk}/").status_code == 200


@pytest.mark.parametrize("table", ["account", "person", "journal_line", "nothing", "api_token"])
def test_papers_are_pinned_only_where_a_room_lets_them(sign_in: SignIn, table: str) -> None:
    assert sign_in("east-desk").get(f"/papers/{table}/1/").status_code == 404


@given(name=st.text(max_size=400))
@hypothesis_settings(deadline=None)
def test_a_name_never_leads_anywhere_nor_steers_the_screen(name: str) -> None:
    tidy = tidy_name(name, JPEG)
    assert tidy.endswith((".jpg", ".jpeg"))
    assert len(tidy) <= 200
    assert not set(tidy) & set("/\\\x00\n\r‮")


@given(content=st.binary(max_size=300))
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_crash_the_looking(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    for head in (b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        path.write_bytes(head + content)
        try:
            sniff(path, "any.txt")
        except Refused:
            continue
