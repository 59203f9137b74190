"""Uploaded sheets, on their way from a door to a verb."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Limits


@contextmanager
def as_file(upload: "UploadedFile[bytes]") -> Iterator[Path]:
    """The upload under a name that says nothing; refused unread when it is too large."""
    limit = Limits().file_bytes
    if (upload.size or 0) > limit:
        raise Refused(
            _("The file has more than %(limit)s MB. Split it, and upload again.")
            % {"limit": limit // 2**20},
            field="sheet",
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as copy:
            for chunk in upload.chunks():
                copy.write(chunk)
        yield path
