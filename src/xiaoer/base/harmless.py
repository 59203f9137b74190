"""PDFs without what runs: scripts, actions by themselves, programs, files inside, XFA forms.

A PDF that brings none of it keeps its bytes, and so its signatures.
"""

import io
from pathlib import Path
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

MOST_OBJECTS = 200_000
# Keys of any dictionary in the file under which something starts or lies hidden.
_STARTS = ("/OpenAction", "/AA", "/JS", "/XFA", "/EmbeddedFiles", "/AF", "/RichMedia")
_RUN = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/Rendition",
        "/GoToE",
        "/RichMediaExecute",
    }
)


class Doubtful(Exception):
    """A file that is not let in until a person has looked; ``code`` says why."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.told = told

    def words(self, name: str) -> str:
        """What its sender is told, and does next."""
        return _("%(name)s was kept apart: %(why)s. %(next)s") % {
            "name": name,
            "why": why_words(self.code, self.told),
            "next": _next_words(self.code),
        }


def why_words(code: str, told: str = "") -> str:
    """Why a file was kept apart, in the reader's language."""
    return {
        "encrypted": _("it is protected by a password"),
        "unreadable": _("its pages cannot be read"),
        "virus": _("the scanner found %(what)s in it") % {"what": told},
        "no_scanner": _("the virus scanner did not answer"),
    }.get(code, code)


def _next_words(code: str) -> str:
    if code == "no_scanner":
        return _("Send it again when the scanner runs, or ask staff to look at it.")
    if code == "virus":
        return _("Clean your computer and send the paper from another one.")
    return _("Save it again without protection and send that, or wait until staff let it in.")


def harmless_pdf(path: Path) -> bytes | None:
    """The PDF without what runs, or None where there was nothing to take out."""
    try:
        with pikepdf.open(path) as document:
            return _cleaned(document)
    except pikepdf.PasswordError as error:
        raise Doubtful("encrypted") from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise Doubtful("unreadable") from error


def _cleaned(document: pikepdf.Pdf) -> bytes | None:
    if document.is_encrypted:
        raise Doubtful("encrypted")
    if len(document.objects) > MOST_OBJECTS:
        raise Doubtful("unreadable")
    taken = sum(_clean(one, 0) for one in document.objects)
    taken += _clean(document.trailer, 0)
    if not taken:
        return None
    kept = io.BytesIO()
    document.remove_unreferenced_resources()
    document.save(kept, linearize=False)
    return kept.getvalue()


def _clean(one: Any, depth: int) -> int:
    """Take out of an object and what lies in it directly; how many things were."""
    if depth > 40:
        raise Doubtful("unreadable")
    if isinstance(one, pikepdf.Array):
        return sum(_clean(part, depth + 1) for part in one if _is_direct(part))
    if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        return 0
    taken = 0
    for key in list(one.keys()):
        if key in _STARTS and not (key == "/OpenAction" and isinstance(one[key], pikepdf.Array)):
            del one[key]
            taken += 1
        elif key == "/S" and str(one.get(key)) in _RUN:
            one[key] = pikepdf.Name("/Nothing")
            taken += 1
        elif key == "/Subtype" and str(one.get(key)) == "/FileAttachment":
            one[key] = pikepdf.Name("/Text")
            if "/FS" in one:
                del one["/FS"]
            taken += 1
        elif _is_direct(one[key]):
            taken += _clean(one[key], depth + 1)
    return taken


def _is_direct(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and not part.is_indirect
