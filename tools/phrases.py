"""Keep the Chinese phrases in step with the code.

    phrases.py missing            msgids in code or templates without Chinese, and Chinese that fills
                                  in other things than its English (exit 1 if any)
    phrases.py add FILE.json      {"English": "中文"}; plural keys are "one|many"
    phrases.py compile            write django.mo beside django.po

One .po for the whole project, sorted by msgid so that changes read well.
"""

import fcntl
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCE = ROOT / "src" / "xiaoer"
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.txt", "jinja2.ext:babel_extract"),
]
OPTIONS = {"**/templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}


def used_messages() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Yield (file, line, msgid) of every phrase in code and templates."""
    found = extract_from_dir(
        str(SOURCE), METHODS, OPTIONS, keywords=KEYWORDS, strip_comment_tags=True
    )
    for file, line, message, _comments, _context in found:
        yield file, line, message


def read_catalog() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans", project="Xiaoer", charset="utf-8")
    with PO.open("rb") as stream:
        return read_po(stream, locale="zh_Hans")


def write_catalog(catalog: Catalog) -> None:
    with PO.open("wb") as stream:
        write_po(stream, catalog, sort_output=True, omit_header=False, width=100, no_location=True)
    # The date would change on every run and make every merge a conflict.
    text = re.sub(r'"(POT-Creation|PO-Revision)-Date: [^"]*\\n"\n', "", PO.read_text("utf-8"))
    PO.write_text(text, "utf-8")


def missing() -> list[str]:
    """Phrases in use that have no Chinese, or only a fuzzy one."""
    catalog = read_catalog()
    gaps = []
    for file, line, message in used_messages():
        known = catalog.get(message[0] if isinstance(message, tuple) else message)
        text = known.string if known else ""
        if not known or known.fuzzy or not (all(text) if isinstance(text, tuple) else text):
            gaps.append(f"{file}:{line}: {message!r}")
    return gaps


# A place to fill in, a written per cent sign, or a bare one.
PLACES = re.compile(r"%(?:\((\w+)\)[a-z]|(%))?")


def misfits(catalog: Catalog | None = None) -> list[str]:
    """Phrases whose Chinese names other places than its English, or has a bare per cent sign.

    Jinja formats every phrase it translates: a bare sign breaks the page; a written one (%%) does
    not, and may stand for a word. Plural forms differ in places; Chinese needs none but theirs.
    """
    found = []
    for phrase in catalog or read_catalog():
        english, chinese = _texts(phrase.id), _texts(phrase.string)
        if not english or not english[0] or not all(chinese):
            continue
        known = {place for text in english for place in _places(text)}
        for text in chinese:
            strange = _places(text) - known
            if len(english) == 1:
                strange |= known - _places(text) - {"%"}
            strange -= {"%%"}
            if strange:
                found.append(f"{english[0]!r}: {text!r} differs in {', '.join(sorted(strange))}")
    return found


def _texts(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _places(text: str) -> set[str]:
    """The names to fill in; ``%`` stands for a bare sign, ``%%`` for a written one."""
    return {match[1] or ("%%" if match[2] else "%") for match in PLACES.finditer(text)}


def add(path: Path) -> int:
    """Put phrases of a JSON file into the catalogue, under a lock; returns how many."""
    phrases = json.loads(path.read_text("utf-8"))
    PO.parent.mkdir(parents=True, exist_ok=True)
    with (PO.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        catalog = read_catalog()
        for english, chinese in phrases.items():
            if "|" in english and "%(" in english:
                one, many = english.split("|", 1)
                catalog.add((one, many), (chinese,))
            else:
                flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", english) else []
                catalog.add(english, chinese, flags=flags)
        write_catalog(catalog)
    return len(phrases)


def compile_catalog() -> None:
    if not PO.exists():
        return
    with PO.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, read_catalog())


def main(arguments: list[str]) -> int:
    match arguments:
        case ["missing"]:
            gaps = [*missing(), *misfits()]
            print("\n".join(gaps) or "every phrase has its Chinese")
            return 1 if gaps else 0
        case ["add", path]:
            print(f"{add(Path(path))} phrases kept")
            compile_catalog()
            return 0
        case ["compile"]:
            compile_catalog()
            return 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
