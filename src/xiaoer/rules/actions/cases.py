"""Verbs of test cases: facts of an invented subject and what the rule must say of them."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.words import Kind, Word
from xiaoer.rules.actions.drafting import locked, must_be_draft
from xiaoer.rules.language.spec import State
from xiaoer.rules.models import RuleCase
from xiaoer.rules.vocabularies import vocabulary

MOST_CASES = 200


@transaction.atomic
def add_case(
    *,
    by: Actor,
    now: datetime,
    version_id: int,
    name: str,
    as_of: date,
    facts: Mapping[str, object],
    expected: str,
) -> RuleCase:
    """Add a test case to a draft; words left out are missing facts."""
    draft = locked(by, version_id)
    must_be_draft(draft)
    if not name:
        raise Refused(
            _("Say what the case shows, such as: revenue exactly at the line."), field="name"
        )
    if draft.cases.count() >= MOST_CASES:
        raise Refused(_("A version has at most %(most)d test cases.") % {"most": MOST_CASES})
    words = vocabulary(draft.zone_id, draft.rule.subject)
    for word, value in facts.items():
        if word not in words or words[word].formula:
            near = words.nearest(word)
            raise Refused(
                _("There is no stored word %(word)s; do you mean %(near)s?")
                % {"word": word, "near": near}
                if near
                else _("There is no stored word %(word)s.") % {"word": word},
                field="facts",
            )
        _must_fit(words[word], value)
    case = RuleCase.objects.create(
        zone_id=draft.zone_id,
        rule_version=draft,
        name=name,
        as_of=as_of,
        facts=dict(facts),
        expected=State(expected),
    )
    journal.record(by=by, now=now, verb="add_case", subject=draft, name=name)
    return case


@transaction.atomic
def drop_case(*, by: Actor, now: datetime, version_id: int, case_id: int) -> None:
    """Take a test case out of a draft."""
    draft = locked(by, version_id)
    must_be_draft(draft)
    case = RuleCase.objects.get(pk=case_id, rule_version=draft)
    journal.record(by=by, now=now, verb="drop_case", subject=draft, name=case.name)
    case.delete()


def _must_fit(word: Word, value: object) -> None:
    """JSON keeps days as texts, so that a text is what a day is given as."""
    fits = {
        Kind.NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
        Kind.FLAG: isinstance(value, bool),
        Kind.DAY: _is_day(value),
        Kind.TEXT: isinstance(value, str),
    }[word.kind]
    if not fits:
        raise Refused(
            _("“%(value)s” is no value of %(word)s: %(kind)s is expected.")
            % {"value": str(value)[:40], "word": word.name, "kind": _expected(word.kind)},
            field="facts",
        )


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def _expected(kind: Kind) -> str:
    return {
        Kind.NUMBER: _("a number"),
        Kind.FLAG: _("yes or no"),
        Kind.DAY: _("a day"),
        Kind.TEXT: _("a text"),
    }[kind]
