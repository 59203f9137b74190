"""A workbook's directory, looked at before anything is unpacked."""

import zipfile
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables.limits import (
    Limits,
    damaged_words,
    encrypted_words,
    macro_words,
    swollen_words,
)


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse what is no workbook, is locked, holds macros, or unpacks to far more than a table."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise Refused(damaged_words()) from error
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(encrypted_words())
    unpacked = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > 20 * 2**20 and part.file_size > limits.ratio * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > limits.parts or unpacked > limits.unpacked_bytes or swollen:
        raise Refused(swollen_words(unpacked))
    names = {part.filename.lower() for part in parts}
    if any(
        PurePosixPath(name).name == "vbaproject.bin" or "macrosheets/" in name for name in names
    ):
        raise Refused(macro_words())
    if "xl/workbook.xml" not in names:
        raise Refused(
            _(
                "This packed file is not an .xlsx workbook. If it is a sheet of another program, "
                "save it as .xlsx; if it is an archive, unpack it first."
            )
        )
