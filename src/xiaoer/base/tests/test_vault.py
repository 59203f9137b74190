"""Kept bytes are sealed; the key lies outside the database; nothing is written in the clear."""

import errno
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base import files, vault
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
TEXT = "运输总量为3200立方米，甲方委托乙方。".encode() * 8000
KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "files"
    settings.FILES_KEY = tmp_path / "files.key"
    return tmp_path


def keep(by: Actor, content: bytes = TEXT, name: str = "合同.txt") -> StoredFile:
    return files.keep_file(by=by, now=NOW, stream=io.BytesIO(content), name=name)


def sealed(path: Path, content: bytes) -> vault.Unsealed:
    vault.seal(io.BytesIO(content), path / "a" / "one", key=KEY, digest="d")
    return vault.Unsealed(path / "a" / "one", key=KEY, digest="d")


def test_nothing_of_a_paper_lies_on_the_disk_in_the_clear(of: Of, folder: Path) -> None:
    by = of("east-officer")
    with acting(by):
        file = keep(by)
        assert files.bytes_of(file) == TEXT
    for path in folder.rglob("*"):
        if path.is_file():
            assert TEXT[:40] not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("size", [0, 1, vault.CHUNK - 1, vault.CHUNK, vault.CHUNK + 1, 300_000])
def test_what_is_sealed_opens_to_the_same_bytes(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    with sealed(tmp_path, content) as stream:
        assert stream.size == size
        assert stream.read() == content


@given(start=st.integers(0, 200_000), length=st.integers(0, 90_000))
def test_a_part_is_read_without_what_lies_before_it(start: int, length: int) -> None:
    content = bytes(range(256)) * 700
    with tempfile.TemporaryDirectory() as name:
        stream = io.BufferedReader(sealed(Path(name), content), 4096)
        stream.seek(start)
        assert stream.read(length) == content[start : start + length]


@pytest.mark.parametrize("harm", ["flip", "cut", "swap", "other_name"])
def test_bytes_changed_on_the_disk_do_not_open(tmp_path: Path, harm: str) -> None:
    with sealed(tmp_path, os.urandom(200_000)):
        pass
    path, digest = tmp_path / "a" / "one", "d"
    content = bytearray(path.read_bytes())
    part = vault.CHUNK + 16
    if harm == "flip":
        content[100] ^= 1
    elif harm == "cut":
        del content[20 + 2 * part :]
    elif harm == "swap":
        content[20 : 20 + 2 * part] = content[20 + part : 20 + 2 * part] + content[20 : 20 + part]
    else:
        digest = "e"
    path.write_bytes(content)
    with pytest.raises(Refused), vault.Unsealed(path, key=KEY, digest=digest) as stream:
        stream.read()


def test_without_its_key_no_file_opens_and_none_comes_in(
    of: Of, folder: Path, settings: Any
) -> None:
    by = of("east-officer")
    with acting(by):
        file = keep(by)
        (folder / "files.key").rename(folder / "elsewhere")
        with pytest.raises(Refused, match=r"files\.key"):
            files.bytes_of(file)
        before = {path for path in folder.rglob("*") if path.is_file()}
        with pytest.raises(Refused, match=r"files\.key"):
            keep(by, TEXT + b"more")
        assert {path for path in folder.rglob("*") if path.is_file()} == before
        (folder / "files.key").write_bytes(bytes(32))
        with pytest.raises(Refused, match=r"files\.key"):
            files.bytes_of(file)
        (folder / "elsewhere").replace(folder / "files.key")
        assert files.bytes_of(file) == TEXT


def test_files_kept_before_there_was_a_key_open_and_are_sealed_later(of: Of, folder: Path) -> None:
    by = of("east-officer")
    with acting(by):
        file = keep(by)
        place = files.place_of(file.sha256)
        plain = place.with_suffix("")
        plain.write_bytes(TEXT)
        place.unlink()
        assert files.bytes_of(file) == TEXT
        assert files.seal_plain() == 1
        assert files.seal_plain() == 0
        assert not plain.exists()
        assert files.bytes_of(file) == TEXT


def test_a_full_disk_is_a_clear_no_and_keeps_nothing_half(
    of: Of, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = of("east-officer")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with acting(by):
        keep(by, b"first")
        before = {path for path in folder.rglob("*") if path.is_file()}
        monkeypatch.setattr("xiaoer.base.vault.os.fsync", full)
        with pytest.raises(Refused, match=r"full|满"):
            keep(by)
        assert {path for path in folder.rglob("*") if path.is_file()} == before
        assert StoredFile.objects.filter(zone_id=by.zone_id).count() == 1


def test_a_page_sends_a_part_of_a_sealed_file_and_its_whole_length(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        response = files.shown_inside(keep(by), "合同.txt")
        assert response["Content-Length"] == str(len(TEXT))
        assert b"".join(response.streaming_content) == TEXT  # type: ignore[arg-type]  # streamed
