"""A person's word about a value: which of the stated ones holds. Pure; the rule decides again on it.

What an applicant typed or an engine read off a paper, a person may look at and settle. What an
authority states (a shared register, the registry) nobody overrules here: if it says otherwise, the
doubt stays and people decide the case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from xiaoer.permits.automatic.deciding import Input, Said

ADOPTED = "adopted"
SETTLED_BY_EYE = ("form.", "paper.")


def is_by_eye(source: str) -> bool:
    return source.startswith(SETTLED_BY_EYE)


def with_adopted(inputs: Iterable[Input], adopted: Mapping[str, Said]) -> list[Input]:
    """The statements as a person settled them; each says that somebody did."""
    return [
        replace(one, value=adopted[one.name], confidence=1.0, others=(), why=ADOPTED)
        if one.name in adopted and is_by_eye(one.source)
        else one
        for one in inputs
    ]
