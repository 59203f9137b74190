"""遮盖 Masking: a natural person's name and number are shown to nobody who merely holds a paper."""

import re

from xiaoer.registry.models import Party

IDENTITY = re.compile(r"[1-8]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]")

# Two to four characters and nothing that firms have in their names.
NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+")


def is_person(*, party: Party | None, name: str, code: str = "") -> bool:
    """Whether a paper is held by a natural person; where nobody says so, by how name and code look."""
    if party is not None:
        return party.kind == Party.Kind.PERSON
    return is_identity(code) or NAME.fullmatch(name) is not None


def is_identity(code: str) -> bool:
    """Whether a code is an identity number (GB 11643), not a unified credit code (GB 32100)."""
    return IDENTITY.fullmatch(code) is not None


def masked_name(name: str) -> str:
    """张** for 张三丰: the family name stays, so that the holder is recognised face to face."""
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_code(code: str) -> str:
    """The first four and the last two characters."""
    return code[:4] + "*" * (len(code) - 6) + code[-2:] if len(code) > 6 else "*" * len(code)
