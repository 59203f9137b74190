"""Send a list as a sheet, written to a file inside the scope and sent from it; send a paper."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from xiaoer.web.sheets import Column, write_csv, write_xlsx

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

# Sheets being written, each in a folder of its own; a killed server leaves one behind.
PREFIX = "xiaoer-sheet-"
LONGEST = 3600
"""Seconds nobody writes a sheet for."""


def sheet_response(
    kind: str, name: str, columns: tuple[Column, ...], rows: Iterable[Any]
) -> HttpResponse:
    """``rows`` as a download ``name.kind`` (``xlsx`` or ``csv``), without a cap.

    All rows are written before anything is sent, because the scope that may read them closes when
    the view returns; the file goes with its last reader.
    """
    wanted = kind if kind in TYPES else "xlsx"
    sweep_sheets()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        path = Path(folder) / f"sheet.{wanted}"
        write = write_csv if wanted == "csv" else write_xlsx
        write(path, columns, rows)
        # Opened before the folder goes: the bytes stay readable through this handle.
        response = cast(HttpResponse, FileResponse(path.open("rb"), content_type=TYPES[wanted]))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{wanted}"
    return response


def attachment(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes as a download under a Chinese name."""
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def sweep_sheets(longest: float = LONGEST) -> None:
    """Throw away what servers killed in the middle of an export left in the folder for such files."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            seen = folder.lstat()
        except FileNotFoundError:  # its export has just ended
            continue
        if seen.st_uid == os.geteuid() and time.time() - seen.st_mtime > longest:
            shutil.rmtree(folder, ignore_errors=True)
