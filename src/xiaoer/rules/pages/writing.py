"""Forms of rules: open one, draft, save, cases, ask, release, send back, retire, withdraw."""

import re
from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.pages.forms import day, day_of, must_day, number, text, whole
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import parse_money
from xiaoer.base.words import Kind, Word
from xiaoer.rules import actions as rules
from xiaoer.rules import queries
from xiaoer.rules.access import WRITERS
from xiaoer.rules.actions.drafting import Head
from xiaoer.rules.language.spec import State
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.pages import words as said
from xiaoer.rules.pages.lines import clauses_typed
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.vocabularies import Vocabulary, vocabulary

writers = page(*sorted(WRITERS))
_YES, _NO = {"true", "yes", "是", "1"}, {"false", "no", "否", "0"}


@writers
def rule_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Open a rule and its first draft."""
    if request.method == "POST":
        rule = _open(request, by)
        rules.draft_version(
            by=by, now=timezone.now(), rule_id=rule.pk, effective_from=timezone.localdate()
        )
        messages.success(request, _("The rule is open; write its clauses."))
        return go(request, reverse("rule", args=[rule.pk]))
    context = {"kinds": list(said.kinds_of_rules().items()), "levels": Rule.Level.choices}
    return render(request, "rules/add.html", context)


def _open(request: HttpRequest, by: Actor) -> Rule:
    kind, level = request.POST.get("kind", ""), request.POST.get("level", "")
    if kind not in Rule.Kind.values:
        raise Refused(_("Choose what the rule is about."), field="kind")
    if level not in Rule.Level.values:
        raise Refused(_("Choose whose rule it is."), field="level")
    months = request.POST.get("validity_months", "").strip()
    return rules.open_rule(
        by=by,
        now=timezone.now(),
        code=text(request, "code", longest=60),
        name=text(request, "name", longest=80),
        name_en=text(request, "name_en", longest=120),
        kind=kind,
        level=level,
        validity_months=whole(request, "validity_months", least=1, most=600) if months else None,
        purpose=text(request, "purpose", longest=300),
    )


@writers
@require_POST
def rule_draft(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponse:
    """Begin the next version."""
    rule = found(queries.rule_of(zone_id=by.zone_id, rule_id=rule_id))
    made = rules.draft_version(
        by=by, now=timezone.now(), rule_id=rule.pk, effective_from=timezone.localdate()
    )
    return go(request, _address(made))


@writers
@require_POST
def rule_save(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    """Keep a draft as it stands in the editor."""
    version = _version(by, version_id)
    clauses = [clause for _key, clause in clauses_typed(request)]
    if "add" in request.POST:
        clauses.append(ShippedClause(_("New clause"), "", ""))
    rules.edit_draft(
        by=by,
        now=timezone.now(),
        version_id=version.pk,
        version=_fresh(request),
        head=_head(request),
        clauses=clauses,
    )
    messages.success(request, _("The draft is kept."))
    return go(request, _address(version))


def _head(request: HttpRequest) -> Head:
    applicant, mark = request.POST.get("applicant", ""), request.POST.get("mark", "")
    if applicant not in RuleVersion.Applicant.values:
        raise Refused(_("Choose for whom the version is."), field="applicant")
    if mark not in RuleVersion.Mark.values:
        raise Refused(_("Choose how far the document was verified."), field="mark")
    return Head(
        effective_from=must_day(request, "effective_from"),
        effective_to=day(request, "effective_to"),
        applicant=applicant,
        region=text(request, "region", longest=12),
        document=text(request, "document", longest=200),
        document_no=text(request, "document_no", longest=80),
        mark=mark,
        mark_note=text(request, "mark_note", longest=300),
        review_no=text(request, "review_no", longest=80),
        reviewed_on=day(request, "reviewed_on"),
    )


@writers
@require_POST
def rule_ask(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    """Ask a second person to release the draft."""
    return _done(
        request, by, version_id, rules.ask_release, _("Asked for release by a second person.")
    )


@writers
@require_POST
def rule_release(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    """Put the version in force, as its second person."""
    version = _version(by, version_id)
    rules.release_version(
        by=by,
        now=timezone.now(),
        version_id=version.pk,
        version=_fresh(request),
        ends_older="ends_older" in request.POST,
    )
    messages.success(request, _("Version %(number)d is in force.") % {"number": version.number})
    return go(request, _address(version))


@writers
@require_POST
def rule_send_back(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    return _with_reason(request, by, version_id, rules.send_back, _("Sent back to its author."))


@writers
@require_POST
def rule_retire(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    return _with_reason(request, by, version_id, rules.retire_version, _("Taken out of force."))


@writers
@require_POST
def rule_withdraw(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    return _with_reason(request, by, version_id, rules.withdraw_draft, _("The draft is given up."))


def _done(
    request: HttpRequest, by: Actor, version_id: int, verb: Callable[..., RuleVersion], words: str
) -> HttpResponse:
    version = _version(by, version_id)
    verb(by=by, now=timezone.now(), version_id=version.pk, version=_fresh(request))
    messages.success(request, words)
    return go(request, _address(version))


def _with_reason(
    request: HttpRequest, by: Actor, version_id: int, verb: Callable[..., RuleVersion], words: str
) -> HttpResponse:
    version = _version(by, version_id)
    verb(
        by=by,
        now=timezone.now(),
        version_id=version.pk,
        version=_fresh(request),
        reason=text(request, "reason", longest=300),
    )
    messages.success(request, words)
    return go(request, _address(version))


def _version(by: Actor, version_id: int) -> RuleVersion:
    return found(queries.version_of(zone_id=by.zone_id, version_id=version_id))


def _fresh(request: HttpRequest) -> int:
    return number(request.POST.get("version")) or 0


def _address(version: RuleVersion) -> str:
    return f"{reverse('rule', args=[version.rule_id])}?version={version.number}"


# Test cases ----------------------------------------------------------------------------------------


@writers
def rule_case_add(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    """Add a test case to a draft: a line for each word the rule reads."""
    version = _version(by, version_id)
    words = vocabulary(version.zone_id, version.rule.subject)
    compiled = queries.compiled_version(version, words.words)
    read = [words[name] for name in compiled.columns] if compiled else []
    if request.method == "POST":
        _add_case(request, by, version, words)
        messages.success(request, _("The test case is kept."))
        return go(request, _address(version))
    context = {
        "version": version,
        "name": said.rule_name(version.rule),
        "words": read,
        "said": said,
        "today": timezone.localdate(),
        "states": [(state.value, said.state_words(state)) for state in State],
        "language": said.language(),
    }
    return render(request, "rules/case_add.html", context)


def _add_case(request: HttpRequest, by: Actor, version: RuleVersion, words: Vocabulary) -> None:
    expected = request.POST.get("expected", "")
    if expected not in set(State):
        raise Refused(_("Choose what the rule must say."), field="expected")
    facts = {
        name.removeprefix("fact-"): value
        for name, value in request.POST.items()
        if name.startswith("fact-") and str(value).strip()
    }
    rules.add_case(
        by=by,
        now=timezone.now(),
        version_id=version.pk,
        name=text(request, "name", longest=120),
        as_of=must_day(request, "as_of"),
        facts={
            name: fact_typed(str(value), words[name], f"fact-{name}") if name in words else value
            for name, value in facts.items()
        },
        expected=expected,
    )


def fact_typed(typed: str, word: Word, field: str | None = None) -> object:
    """A fact as people type it: 1,500万, 3%, 是, 2026-12-31."""
    given = typed.strip()
    if word.kind == Kind.TEXT:
        return given[:200]
    if word.kind == Kind.FLAG and given.lower() in _YES | _NO:
        return given.lower() in _YES
    if word.kind == Kind.DAY and (found_day := day_of(given)):
        return found_day.isoformat()
    if word.kind == Kind.NUMBER and (found_number := _number_typed(given, word)) is not None:
        return found_number
    raise Refused(
        _("“%(value)s” is no value of %(word)s.")
        % {"value": given[:40], "word": word.label(said.language())},
        field=field,
    )


def _number_typed(given: str, word: Word) -> float | None:
    plain = given.replace(",", "").replace("，", "")
    if re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", plain):
        return float(plain)
    if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?\s*[%％]", plain):
        return float(Decimal(plain.rstrip("%％ ")) / 100)
    if word.unit != "CNY":
        return None
    try:
        money = parse_money(given)
    except Unreadable as no:
        raise Refused(str(no), field=f"fact-{word.name}") from no
    return money.fen / 100 if money else None


@writers
@require_POST
def rule_case_drop(request: HttpRequest, by: Actor, version_id: int, case_id: int) -> HttpResponse:
    version = _version(by, version_id)
    found(version.cases.filter(pk=case_id).first())
    rules.drop_case(by=by, now=timezone.now(), version_id=version.pk, case_id=case_id)
    messages.success(request, _("The test case is gone."))
    return go(request, _address(version))
