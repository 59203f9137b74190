"""What a pack says, as pure data that reads and writes JSON (``AutoPack.body``).

A value is a word of the pack's rule, and every source named for it must state it, alike. A source:

``form.FIELD``                     typed, or filled in and left so, by the applicant
``paper.KIND.FIELD``               read off a paper
``registry.COLUMN``                of the applicant's entry
``register.CODE.KEY.FIELD``        a shared register, under the value ``KEY``; of several keys, all
``register.CODE.KEY.``             whether it has that entry, valid on every day asked about
``promise.``                       whether the applicant signed the promise
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from xiaoer.base.words import Choice, Kind, Word

SUBJECT = "pack:"


class Same(StrEnum):
    """How two statements of one value are compared; always after blanks and wide signs are gone."""

    PLAIN = "plain"
    MANY = "many"  # a list in any order: plates, names


class Doubt(StrEnum):
    """Why a person has to look; there is no other."""

    MISSING = "missing"
    UNREAD = "unread"
    UNSURE = "unsure"
    DISAGREE = "disagree"
    STALE = "stale"
    STOPPED = "stopped"
    UNKNOWN_KEY = "unknown_key"
    NOT_A_VALUE = "not_a_value"
    GUARD = "guard"
    NOT_MET = "not_met"
    NEEDS_DATA = "needs_data"
    NEEDS_PERSON = "needs_person"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class Value:
    """A word of the pack's rule and where it comes from.

    ``over``: two values, the first and last day on which a register must hold it; empty: today.
    ``takes``: the value that says how much a grant takes of what the register has left.
    ``least``: percent of confidence asked for beyond the field's own and the pack's.
    ``is_needed``: without it nothing is granted; else it may be missing where no source states it.
    """

    name: str
    zh: str
    en: str
    sources: tuple[str, ...]
    kind: Kind = Kind.TEXT
    unit: str = ""
    same: Same = Same.PLAIN
    choices: tuple[Choice, ...] = ()
    over: tuple[str, ...] = ()
    takes: str = ""
    least: int = 0
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pack asks for beside its rule.

    ``same_case``: values that, alike in another open or granted case, mean the same application.
    ``licence``: what the licence says, by its field: words with ``{value}`` in them.
    ``valid_from``, ``valid_until``: values that are its days, else today and the pack's months.
    ``by_promise``: the applicant's signed promise stands for a check before the decision.
    """

    values: tuple[Value, ...] = ()
    same_case: tuple[str, ...] = ()
    licence: tuple[tuple[str, str], ...] = ()
    valid_from: str = ""
    valid_until: str = ""
    by_promise: bool = False

    def value(self, name: str) -> Value | None:
        return next((value for value in self.values if value.name == name), None)

    def words(self) -> list[Word]:
        """The words its rule may be written in."""
        return [
            Word(
                value.name,
                value.zh,
                value.en,
                value.kind,
                value.unit,
                choices=value.choices,
                sources=("official",) if _is_official(value) else ("declared",),
            )
            for value in self.values
        ]


def _is_official(value: Value) -> bool:
    return any(source.startswith(("register.", "registry.")) for source in value.sources)


def read_terms(body: Mapping[str, Any]) -> Terms:
    """The terms in a pack's body; what a later edition added and this one does not know is an error."""
    values = tuple(
        Value(
            **{
                **_known(Value, said),
                "kind": Kind(said.get("kind", Kind.TEXT)),
                "same": Same(said.get("same", Same.PLAIN)),
                "sources": tuple(said["sources"]),
                "over": tuple(said.get("over", ())),
                "choices": tuple(Choice(**choice) for choice in said.get("choices", ())),
            }
        )
        for said in body.get("values", ())
    )
    said = _known(Terms, body)
    return Terms(
        **{
            **said,
            "values": values,
            "same_case": tuple(body.get("same_case", ())),
            "licence": tuple((field, name) for field, name in body.get("licence", ())),
        }
    )


def _known(shape: type, said: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(shape)}
    unknown = sorted(set(said) - names)
    if unknown:
        raise ValueError(f"unknown in {shape.__name__}: {', '.join(unknown)}")
    return dict(said)


def write_terms(terms: Terms) -> dict[str, Any]:
    """As JSON keeps it."""
    return asdict(terms)
