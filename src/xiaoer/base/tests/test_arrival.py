"""What comes with a file and is not kept: scripts in PDFs, viruses; what is told of pictures."""

import io
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pikepdf
import pytest
from PIL import Image

from tests.paper_set import draw, sample
from tests.town import NOW
from xiaoer.base import apart, files
from xiaoer.base.arrival import signs_of
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.base.sniffing import JPEG, PDF

Of = Callable[[str], Actor]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "files"
    settings.FILES_KEY = tmp_path / "files.key"
    return tmp_path


def keep(by: Actor, content: bytes, name: str = "合同.pdf") -> StoredFile:
    return files.keep_file(by=by, now=NOW, stream=io.BytesIO(content), name=name)


def pdf(change: Callable[[pikepdf.Pdf], None], **saving: Any) -> bytes:
    kept = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200))
        change(document)
        document.save(kept, **saving)
    return kept.getvalue()


def run_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('x')")
    )


def start_program(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
    )
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(link)])


def hide_file(document: pikepdf.Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(
        document, b"MZ evil", description="", filename="x.exe", mime_type="", creation_date="",
        mod_date="",
    )  # fmt: skip
    document.attachments["x.exe"] = spec


def act_on_page(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('x')"))
    )


def fill_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array(), XFA=document.make_stream(b"<xdp:xdp app.alert/>")
    )


@pytest.mark.parametrize("harm", [run_script, start_program, hide_file, act_on_page, fill_form])
def test_a_pdf_comes_in_without_what_runs(of: Of, harm: Callable[[pikepdf.Pdf], None]) -> None:
    by = of("east-officer")
    with acting(by):
        kept = files.bytes_of(keep(by, pdf(harm)))
    with pikepdf.open(io.BytesIO(kept)) as document:
        assert len(document.pages) == 1
        plain = b"".join(one.unparse(resolved=True) for one in document.objects)
        for word in (b"JavaScript", b"Launch", b"OpenAction", b"/AA", b"/XFA", b"EmbeddedFiles"):
            assert word not in plain
        assert not list(document.attachments)


def test_a_harmless_pdf_keeps_its_bytes_and_so_its_signatures(of: Of) -> None:
    by = of("east-officer")
    content = pdf(lambda _document: None)
    with acting(by):
        assert files.bytes_of(keep(by, content)) == content


def test_a_protected_pdf_is_kept_apart_sealed(of: Of, folder: Path) -> None:
    by = of("east-officer")
    content = pdf(lambda _d: None, encryption=pikepdf.Encryption(owner="o", user="u"))
    with acting(by), pytest.raises(Refused):
        keep(by, content, "加密.pdf")
    (one,) = apart.waiting()
    assert (one.name, one.code, one.zone_id) == ("加密.pdf", "encrypted", by.zone_id)
    assert apart.opened(one.reference)[1] == content
    assert not any(
        content[:30] in path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )


# The scanner -----------------------------------------------------------------------------------


class Scanner(socketserver.BaseRequestHandler):
    """As much of clamd as INSTREAM asks for."""

    answers: ClassVar[str] = "ok"

    def handle(self) -> None:
        if self.answers == "silent":
            return
        assert self._exactly(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(size)
        found = b"EICAR" in content
        self.request.sendall(b"stream: Eicar-Test FOUND\0" if found else b"stream: OK\0")

    def _exactly(self, size: int) -> bytes:
        told = b""
        while len(told) < size:
            part = self.request.recv(size - len(told))
            assert part
            told += part
        return told


@pytest.fixture
def scanner(settings: Any) -> Iterator[type[Scanner]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield Scanner
        Scanner.answers = "ok"
        server.shutdown()


def test_a_scanner_sees_every_byte_and_lets_clean_files_in(of: Of, scanner: type[Scanner]) -> None:
    by = of("east-officer")
    with acting(by):
        assert files.bytes_of(keep(by, b"clean " * 40_000, "a.txt")) == b"clean " * 40_000


def test_what_the_scanner_finds_is_kept_apart_with_its_name(of: Of, scanner: type[Scanner]) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused, match="Eicar-Test"):
        keep(by, b"x" * 100_000 + b"EICAR", "a.txt")
    (one,) = apart.waiting()
    assert (one.code, one.told) == ("virus", "Eicar-Test")


@pytest.mark.parametrize("how", ["silent", "gone"])
def test_a_scanner_that_does_not_answer_lets_nothing_in(
    of: Of, scanner: type[Scanner], settings: Any, how: str
) -> None:
    by = of("east-officer")
    scanner.answers = "silent"
    if how == "gone":
        settings.CLAMD = "127.0.0.1:1"
    with acting(by):
        with pytest.raises(Refused):
            keep(by, b"a,b\n", "a.csv")
        assert not StoredFile.objects.filter(zone_id=by.zone_id).exists()
    assert [one.code for one in apart.waiting()] == ["no_scanner"]


# What is told of a file --------------------------------------------------------------------------


def told(path: Path, content: bytes, sort: Any = JPEG) -> list[str]:
    path.write_bytes(content)
    return signs_of(path, sort)


def jpeg(picture: Image.Image, quality: int, **more: Any) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality, **more)
    return kept.getvalue()


def test_an_editing_program_is_told_and_a_camera_is_not(tmp_path: Path) -> None:
    picture = Image.new("RGB", (60, 40), "teal")
    exif = Image.Exif()
    exif[0x0131] = "Adobe Photoshop 25.0"
    assert told(tmp_path / "a", jpeg(picture, 90, exif=exif)) == ["editor"]
    exif[0x0131] = "HarmonyOS 4.2"
    assert told(tmp_path / "a", jpeg(picture, 90, exif=exif)) == []


def test_a_picture_compressed_twice_is_told_and_one_compressed_once_is_not(tmp_path: Path) -> None:
    paper = draw("waste_contract", sample("waste_contract"), way="scanned")
    once = Image.open(io.BytesIO(paper))
    assert "recompressed" not in told(tmp_path / "a", paper)
    twice = jpeg(Image.open(io.BytesIO(jpeg(once, 50))), 92)
    assert "recompressed" in told(tmp_path / "a", twice)


def test_a_pdf_saved_over_itself_is_told(tmp_path: Path) -> None:
    content = pdf(lambda _d: None)
    assert told(tmp_path / "a", content, PDF) == []
    assert told(tmp_path / "a", content + content[content.rfind(b"startxref") :], PDF) == [
        "changed_pdf"
    ]
