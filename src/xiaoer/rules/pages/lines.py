"""The clauses of a rule as lines of a page: sentence, expression, four counts, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.words import Word
from xiaoer.rules.language.spec import ClauseKind, Mistake
from xiaoer.rules.pages.words import Piece, sentence
from xiaoer.rules.queries import Counts, Trial
from xiaoer.rules.shipping import ShippedClause

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Wrongness:
    """A mistake with the text around its place, and how one click mends it."""

    mistake: Mistake
    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One clause on the page; ``key`` names its fields while it is being moved about."""

    key: str
    number: int
    clause: ShippedClause
    pieces: list[Piece]
    counts: Counts | None
    wrong: list[Wrongness]
    group: str

    @property
    def is_scored(self) -> bool:
        return self.clause.kind == ClauseKind.SCORE


def lines_of(
    keyed: Sequence[tuple[str, ShippedClause]], trial: Trial, words: Mapping[str, Word]
) -> list[Line]:
    groups = [clause.any_of for _key, clause in keyed]
    return [
        Line(
            key=key,
            number=number,
            clause=clause,
            pieces=sentence(clause, words),
            counts=trial.clauses[number - 1],
            wrong=[_wrongness(clause.text, one) for one in trial.mistakes[number - 1]],
            group=_place_in_group(groups, number - 1),
        )
        for number, (key, clause) in enumerate(keyed, start=1)
    ]


def _place_in_group(groups: Sequence[int | None], at: int) -> str:
    """Whether a clause begins a group of which one suffices, or goes on with it."""
    if groups[at] is None:
        return ""
    return "on" if at and groups[at - 1] == groups[at] else "first"


def _wrongness(text: str, mistake: Mistake) -> Wrongness:
    if not mistake.end:
        return Wrongness(mistake, "", "", "")
    begin = max(0, mistake.start - 24)
    return Wrongness(
        mistake,
        ("…" if begin else "") + text[begin : mistake.start],
        text[mistake.start : mistake.end],
        text[mistake.end : mistake.end + 24],
    )


def keyed_of(clauses: Sequence[ShippedClause]) -> list[tuple[str, ShippedClause]]:
    return [(str(number), clause) for number, clause in enumerate(clauses, start=1)]


def clauses_typed(request: HttpRequest) -> list[tuple[str, ShippedClause]]:
    """The clauses of the editor's form in the order they stand in it, each with its key."""
    keys = [key for key in request.POST.getlist("key") if key.isascii() and key.isalnum()]
    return [(key, _clause(request, key)) for key in keys[:200] if f"drop-{key}" not in request.POST]


def _clause(request: HttpRequest, key: str) -> ShippedClause:
    kind = request.POST.get(f"kind-{key}", "")
    any_of = request.POST.get(f"any_of-{key}", "").strip()
    return ShippedClause(
        name=_typed(request, f"name-{key}", LONGEST_NAME),
        name_en=_typed(request, f"name_en-{key}", 200),
        text=_typed(request, f"text-{key}", 100_000),
        kind=ClauseKind(kind) if kind in set(ClauseKind) else ClauseKind.CONDITION,
        any_of=int(any_of) if any_of.isascii() and any_of.isdigit() and len(any_of) < 4 else None,
        part=_slug(_typed(request, f"part-{key}", 30)),
        is_repairable=f"final-{key}" not in request.POST,
        advice=_typed(request, f"advice-{key}", 300),
        advice_en=_typed(request, f"advice_en-{key}", 300),
    )


def _typed(request: HttpRequest, name: str, longest: int) -> str:
    value = request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(value) > longest:
        raise Refused(
            _("At most %(limit)s characters; this has %(length)s.")
            % {"limit": longest, "length": len(value)},
        )
    return value


def _slug(text: str) -> str:
    return "".join(
        sign for sign in text.lower() if sign.isascii() and (sign.isalnum() or sign == "_")
    )
