"""What a rule says of firms: the list, one firm with its reasons, two versions side by side."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.words import Word
from xiaoer.registry.models import Party
from xiaoer.rules import queries
from xiaoer.rules.language.compiling import Wrong
from xiaoer.rules.language.spec import ClauseOutcome, State
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.origins import Asked, Origin, origins_of
from xiaoer.rules.pages import words as said
from xiaoer.rules.pages.words import Piece, sentence
from xiaoer.rules.queries import Comparison, FirmSaid, ResultFilter
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.vocabularies import vocabulary
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column
from xiaoer.web.words import listed

readers = page(*STAFF_ROLES, Role.CITY)
MOST_NAMED = 5


def chosen_version(request: HttpRequest, rule: Rule) -> RuleVersion:
    """The version an address names, else the one in force, else the latest."""
    versions = queries.versions_of(rule)
    wanted = number(request.GET.get("version"))
    if wanted is not None:
        return found(next((v for v in versions if v.number == wanted), None))
    speaking = queries.speaking(versions, said.moment_of(request).as_of)
    return found(speaking or next(iter(versions), None))


@readers
def rule_firms(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponseBase:
    """Firms of a rule by state, each with a letter for every clause."""
    rule = found(queries.rule_of(zone_id=by.zone_id, rule_id=rule_id))
    version = chosen_version(request, rule)
    clauses = queries.written_of(version)
    letter = request.GET.get("letter", "")
    asked = ResultFilter(
        state=request.GET.get("state", "") if request.GET.get("state") in set(State) else "",
        clause=number(request.GET.get("clause")),
        letter=letter if letter in said.LETTERS else "",
        words=said.text_of(request, "q", 60),
        within=_amount(request.GET.get("within", "")),
    )
    whole = bool(request.GET.get("export"))
    offset = min(number(request.GET.get("after")) or 0, 10_000_000)
    with readable(version):
        found_firms = queries.version_results(
            version=version,
            asked=asked,
            moment=said.moment_of(request),
            offset=0 if whole else offset,
            limit=None if whole else queries.PAGE,
        )
    if whole:
        columns = _columns(clauses)
        return sheet_response(
            request.GET["export"], said.rule_name(rule), columns, _cells(found_firms.rows)
        )
    context = {
        "rule": rule,
        "name": said.rule_name(rule),
        "version": version,
        "clauses": list(enumerate(clauses, start=1)),
        "results": found_firms,
        "asked": asked,
        "after": offset + queries.PAGE if offset + queries.PAGE < found_firms.found else None,
        "started": offset > 0,
        "states": list(State),
        "said": said,
        "moment": said.moment_of(request),
    }
    return render(request, "rules/firms.html", context)


def _amount(typed: str) -> Decimal | None:
    return Decimal(typed) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", typed, re.ASCII) else None


@contextmanager
def readable(version: RuleVersion) -> Iterator[None]:
    """Says in words that a version still has a mistake in it."""
    try:
        yield
    except Wrong as no:
        raise Refused(
            _("Version %(number)d still has a mistake in a clause; mend it first.")
            % {"number": version.number}
        ) from no


def _columns(clauses: Sequence[ShippedClause]) -> tuple[Column, ...]:
    return (
        Column("name", _("Enterprise"), 36),
        Column("code", _("Credit code"), 22),
        Column("state", _("Verdict"), 12),
        *(
            Column(f"clause{n}", f"{n} {said.clause_name(clause)}"[:80], 12)
            for n, clause in enumerate(clauses, start=1)
        ),
    )


def _cells(rows: Iterable[FirmSaid]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        letters = (said.state_words(said.LETTERS[letter]) for letter in row.letters)
        yield (row.name, row.code, said.state_words(row.state), *letters)


@readers
def rule_agreement(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponse:
    """Whether the two ways of evaluating agree on a version; worked out only when asked for."""
    rule = found(queries.rule_of(zone_id=by.zone_id, rule_id=rule_id))
    version = chosen_version(request, rule)
    try:
        agreed = queries.agreement(version=version, moment=said.moment_of(request))
    except Wrong:
        agreed = None
    apart = queries.names_of(zone_id=by.zone_id, ids=agreed.apart[:MOST_NAMED]) if agreed else {}
    context = {"rule": rule, "version": version, "agreed": agreed, "apart": apart.values()}
    return render(request, "rules/_agreement.html", context)


# One firm ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact a clause read: what it is, its value in people's units, where it comes from.

    ``sources``: where it may come from, said of what nobody knows; ``origin``: where it does.
    """

    name: str
    label: str
    value: str
    period: str
    sources: str
    is_missing: bool
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A clause of one firm: its sentence, what came out, and why."""

    number: int
    clause: ShippedClause
    pieces: list[Piece]
    outcome: ClauseOutcome
    facts: list[Fact]
    why: str


@readers
def rule_firm(request: HttpRequest, by: Actor, rule_id: int, party_id: int) -> HttpResponse:
    """Why a rule says what it says of one firm, as of any day by what was known at any moment."""
    rule = found(queries.rule_of(zone_id=by.zone_id, rule_id=rule_id))
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    version = chosen_version(request, rule)
    moment = said.moment_of(request)
    with readable(version):
        result = queries.firm_outcome(version=version, party_id=party.pk, moment=moment)
    words = vocabulary(by.zone_id, rule.subject).words
    read = {name for outcome in result.outcome.clauses for name in outcome.read}
    origins = origins_of(Asked(party, read, moment.as_of, moment.known_at))
    context = {
        "rule": rule,
        "name": said.rule_name(rule),
        "party": party,
        "version": version,
        "versions": queries.versions_of(rule),
        "outcome": result.outcome,
        "reasons": [
            _reason(n, clause, outcome, words, origins)
            for n, (clause, outcome) in enumerate(
                zip(queries.written_of(version), result.outcome.clauses, strict=True), start=1
            )
        ],
        "moment": moment,
        "known_on": timezone.localtime(moment.known_at).date(),
        "said": said,
        "may_ask": by.is_staff and rule.subject == "party",
    }
    return render(request, "rules/firm.html", context)


def _reason(
    number: int,
    clause: ShippedClause,
    outcome: ClauseOutcome,
    words: Mapping[str, Word],
    origins: Mapping[str, Origin],
) -> Reason:
    return Reason(
        number=number,
        clause=clause,
        pieces=sentence(clause, words),
        outcome=outcome,
        facts=[
            _fact(name, value, words.get(name), origins.get(name))
            for name, value in outcome.read.items()
        ],
        why=_why(clause, outcome, words),
    )


def _fact(name: str, value: object, word: Word | None, origin: Origin | None) -> Fact:
    return Fact(
        name=name,
        label=word.label(said.language()) if word else name,
        value=said.shown_value(value, word),
        period=(origin.period if origin else "") or (said.period_of(word) if word else ""),
        sources=said.sources_of(word) if word else "",
        is_missing=value is None,
        origin=origin,
    )


def _why(clause: ShippedClause, outcome: ClauseOutcome, words: Mapping[str, Word]) -> str:
    labels = listed(
        words[name].label(said.language()) if name in words else name for name in outcome.missing
    )
    if outcome.state == State.NEEDS_DATA:
        return _("Not known: %(facts)s.") % {"facts": labels} if labels else ""
    if outcome.state == State.NEEDS_PERSON:
        return _("A person has to say: %(facts)s.") % {"facts": labels or clause.name}
    if outcome.state == State.NOT_MET:
        if clause.kind == "blocker":
            return _("This stands in the way.")
        return clause.advice if said.in_chinese() or not clause.advice_en else clause.advice_en
    return ""


# Two versions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause in both versions: only in the old, only in the new, changed, or the same."""

    old: ShippedClause | None
    new: ShippedClause | None

    @property
    def change(self) -> str:
        if self.old is None:
            return "added"
        if self.new is None:
            return "dropped"
        return "same" if self.old.text == self.new.text else "changed"


def _bare(name: str) -> str:
    """A name without its numbers, which are what versions change."""
    return re.sub(r"[\d.,]+", "", name)


def pairs_of(old: Sequence[ShippedClause], new: Sequence[ShippedClause]) -> list[Pair]:
    """Clauses side by side: by their text, else by their name, else by what is left over."""
    left = list(old)
    pairs = []
    for clause in new:
        same = next((o for o in left if o.text == clause.text), None)
        same = same or next((o for o in left if _bare(o.name) == _bare(clause.name)), None)
        if same:
            left.remove(same)
        pairs.append(Pair(same, clause))
    return pairs + [Pair(clause, None) for clause in left]


@readers
def rule_compare(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponseBase:
    """Two versions on the same facts as of any day: who gains, who loses, who becomes unknown."""
    rule = found(queries.rule_of(zone_id=by.zone_id, rule_id=rule_id))
    versions = queries.versions_of(rule)
    old, new = _two(request, versions)
    moment = said.moment_of(request)
    context = {
        "rule": rule,
        "name": said.rule_name(rule),
        "versions": versions,
        "old": old,
        "new": new,
        "moment": moment,
        "known_on": timezone.localtime(moment.known_at).date(),
        "said": said,
        "comparison": None,
        "pairs": [],
        "changes": [],
    }
    if old and new:
        with readable(new):
            compared = queries.compare_versions(old=old, new=new, moment=moment)
        if request.GET.get("export"):
            return sheet_response(
                request.GET["export"],
                said.rule_name(rule),
                _change_columns(),
                _change_cells(compared),
            )
        context |= {
            "comparison": compared,
            "pairs": pairs_of(queries.written_of(old), queries.written_of(new)),
            "changes": _changes(compared),
        }
    return render(request, "rules/compare.html", context)


def _two(
    request: HttpRequest, versions: Sequence[RuleVersion]
) -> tuple[RuleVersion | None, RuleVersion | None]:
    """The two an address names; else the latest and the one in force or before it."""
    numbers = {version.number: version for version in versions}
    new = numbers.get(number(request.GET.get("new")) or 0) or next(iter(versions), None)
    old = numbers.get(number(request.GET.get("old")) or 0)
    if old is None and new is not None:
        others = [version for version in versions if version.pk != new.pk]
        live = queries.speaking(others, said.moment_of(request).as_of)
        old = live or next(iter(others), None)
    return old, new


Changed = tuple[str, list[tuple[Party, State, State]]]


def _changes(compared: Comparison) -> list[Changed]:
    change, old, new = compared.change, compared.old.states(), compared.new.states()
    kinds = (("gains", change.gains), ("loses", change.loses), ("unknown", change.unknown))
    return [
        (
            kind,
            sorted(
                ((compared.parties[n], old[n], new[n]) for n in numbers if n in compared.parties),
                key=lambda row: row[0].name,
            ),
        )
        for kind, numbers in kinds
    ]


def _change_columns() -> tuple[Column, ...]:
    return (
        Column("change", _("Change"), 14),
        Column("name", _("Enterprise"), 36),
        Column("code", _("Credit code"), 22),
        Column("old", _("Before"), 12),
        Column("new", _("After"), 12),
    )


def change_words(kind: str) -> str:
    return {
        "gains": _("would newly meet it"),
        "loses": _("would no longer meet it"),
        "unknown": _("could no longer be told"),
    }[kind]


def _change_cells(compared: Comparison) -> Iterator[tuple[object, ...]]:
    for kind, rows in _changes(compared):
        for party, before, after in rows:
            yield (
                change_words(kind),
                party.name,
                party.credit_code or "",
                said.state_words(before),
                said.state_words(after),
            )


# On the firm's page ---------------------------------------------------------------------------------


@readers
def enterprise_rules(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """The firm's tab: every rule with its verdict of this firm, since when."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    context = {
        "party": party,
        "verdicts": list(queries.firm_verdicts(zone_id=by.zone_id, party_id=party.pk)),
        "said": said,
    }
    return render(request, "rules/_enterprise_rules.html", context)
