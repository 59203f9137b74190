"""Public pages of what can be applied for: no sign-in to read, no script needed, one question a page.

Answers travel in the address, so nothing is kept before somebody begins.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, key_page
from xiaoer.base.models import Zone
from xiaoer.base.pages.forms import text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import queries as held
from xiaoer.permits import actions as permits
from xiaoer.permits import applicant_access, keys, listing, typed
from xiaoer.permits.definition import Answer, Definition, Question
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.pages.ways import link_way, my_way
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.scenario import Outline, lay_out
from xiaoer.permits.thing_words import hint_of, hints_of, name_of, office_words
from xiaoer.permits.wording import read_definition
from xiaoer.registry.models import Party
from xiaoer.registry.names import initials_of, normalise
from xiaoer.web.sending import attachment
from xiaoer.web.words import in_chinese, local_date

anybody = key_page(queries.anybody_in)
NONE_OF_THEM = "-"


@require_GET
def services_home(request: HttpRequest) -> HttpResponse:
    """Where somebody comes without knowing the zone: the one there is, or a choice."""
    zones = list(Zone.objects.order_by("id"))
    if len(zones) == 1:
        return redirect("services", zones[0].code)
    return render(request, "permits/services_home.html", {"zones": zones})


@require_GET
@anybody
def services(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """Everything that can be applied for, narrowed by whom it is for and by words or initials."""
    target = request.GET.get("target", "")
    target = target if target in Thing.Target.values else ""
    office = request.GET.get("office", "")[:60]
    words = request.GET.get("q", "").replace("\x00", "")[:40].strip()
    every = list(queries.versions_in_force(zone_id=by.zone_id, now=timezone.now()))
    rows = [
        one.thing
        for one in every
        if _is_for(one.thing, target)
        and (not office or (one.thing.office is not None and one.thing.office.name == office))
        and _is_called(one.thing, words)
    ]
    offices = sorted({one.thing.office.name for one in every if one.thing.office is not None})
    context = {
        "zone_name": by.name,
        "zone_code": zone_code,
        "rows": [
            (one, name_of(one), one.summary if in_chinese() else one.summary_en) for one in rows
        ],
        "q": words,
        "target": target,
        "office": office,
        "targets": [
            (None, _("Everything"), None),
            (Thing.Target.FIRM.value, _("For firms"), None),
            (Thing.Target.PERSON.value, _("For persons"), None),
        ],
        "offices": [(one, office_words(one)) for one in offices],
        "office_words": office_words,
    }
    return render(request, "permits/services.html", context)


def _is_for(thing: Thing, target: str) -> bool:
    return not target or thing.target in {target, Thing.Target.BOTH}


def _is_called(thing: Thing, words: str) -> bool:
    """By a part of the name or summary, in either language, or by initials in pinyin."""
    wanted = normalise(words)
    if not wanted:
        return True
    plain = normalise(thing.name)
    everything = plain + normalise(thing.name_en) + normalise(thing.summary)
    return wanted in everything or wanted in initials_of(plain)


def _version(by: Actor, code: str) -> ThingVersion:
    rows = queries.versions_in_force(zone_id=by.zone_id, now=timezone.now())
    return found(rows.filter(thing__code=code).first())


def _head(by: Actor, zone_code: str, version: ThingVersion) -> dict[str, Any]:
    return {
        "zone_name": by.name,
        "zone_code": zone_code,
        "thing": version.thing,
        "thing_name": name_of(version.thing),
        "version": version,
    }


@require_GET
@anybody
def service_guide(request: HttpRequest, by: Actor, zone_code: str, code: str) -> HttpResponse:
    """办事指南: what it is, who may, papers, days, fee, basis with its mark, what it saves, whom to call."""
    version = _version(by, code)
    definition = read_definition(version.body)
    zone = Zone.objects.get(pk=by.zone_id)
    lines = listing.listed(definition, definition.items, definition.materials, name=name_of)
    context = _head(by, zone_code, version) | {
        "lines": lines,
        "definition": definition,
        "single": listing.single_of(definition.items),
        "hints": hints_of(definition),
        "bars": listing.bar_lines((one for one in definition.bars if not one.since), name=name_of),
        "complaint_phone": zone.complaint_phone,
        "office": office_words(version.thing.office.name) if version.thing.office else "",
        "target": Thing.Target(version.thing.target).label,
        "has_questions": bool(definition.questions),
    }
    return render(request, "permits/service_guide.html", context)


# The scenario: one question a page --------------------------------------------------------------


def answers_in(definition: Definition, given: QueryDict) -> dict[str, Any]:
    """Answers out of an address or a form; what is no answer is left open, and asked again."""
    answers: dict[str, Any] = {}
    for question in definition.questions:
        values = [value for value in given.getlist(question.code) if value]
        if not values:
            continue
        try:
            answers[question.code] = _answer(question, values)
        except Refused:
            continue
    return answers


def _answer(question: Question, values: list[str]) -> Any:
    if question.answer == Answer.MANY:
        chosen = [value for value in values if value != NONE_OF_THEM]
        return typed.read_answer(question, chosen)
    return typed.read_answer(question, values[0])


def pairs_of(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Answers as an address or hidden fields carry them."""
    pairs: list[tuple[str, str]] = []
    for code, value in answers.items():
        if isinstance(value, list):
            pairs += [(code, one) for one in value] or [(code, NONE_OF_THEM)]
        elif isinstance(value, bool):
            pairs.append((code, "yes" if value else "no"))
        else:
            pairs.append((code, value))
    return pairs


@require_GET
@anybody
def service_questions(request: HttpRequest, by: Actor, zone_code: str, code: str) -> HttpResponse:
    """The next question that matters, with those before it changeable; the list when none is left."""
    version = _version(by, code)
    definition = read_definition(version.body)
    answers = answers_in(definition, request.GET)
    outline = lay_out(definition, answers)
    if outline.bars or not outline.questions_open:
        address = reverse("service_list", args=[zone_code, code])
        return redirect(f"{address}?{urlencode(pairs_of(answers))}")
    question = outline.questions_open[0]
    context = _head(by, zone_code, version) | {
        "question": question,
        "question_name": name_of(question),
        "question_hint": hint_of(question),
        "options": options_of(question),
        "is_many": question.answer == Answer.MANY,
        "before": pairs_of(answers),
        "answered": _answered(outline, answers, zone_code, code),
        "back": _back(outline, answers, zone_code, code),
        "error": _("Choose an answer to go on.")
        if request.GET.get("asked") == question.code
        else "",
    }
    return render(request, "permits/service_question.html", context)


def options_of(question: Question) -> list[tuple[str, str, str]]:
    if question.answer == Answer.YES_NO:
        return [("yes", _("Yes"), ""), ("no", _("No"), "")]
    options = [(one.code, name_of(one), hint_of(one)) for one in question.options]
    none_of_them = [(NONE_OF_THEM, _("None of these"), "")]
    return options + (none_of_them if question.answer == Answer.MANY else [])


def _order(outline: Outline, answers: dict[str, Any]) -> list[Question]:
    return [one for one in outline.questions if one.code in answers]


def _back(outline: Outline, answers: dict[str, Any], zone_code: str, code: str) -> str:
    """One question back: the last answer is taken out of the address."""
    asked = _order(outline, answers)
    if not asked:
        return reverse("service_guide", args=[zone_code, code])
    kept = {k: v for k, v in answers.items() if k != asked[-1].code}
    return f"{reverse('service_questions', args=[zone_code, code])}?{urlencode(pairs_of(kept))}"


def _answered(
    outline: Outline, answers: dict[str, Any], zone_code: str, code: str
) -> list[tuple[str, str, str]]:
    """What was answered so far, in words, each with the address that asks it again."""
    rows = []
    for question in _order(outline, answers):
        kept = {k: v for k, v in answers.items() if k != question.code}
        address = reverse("service_questions", args=[zone_code, code])
        rows.append(
            (
                name_of(question),
                words_of(question, answers[question.code]),
                f"{address}?{urlencode(pairs_of(kept))}",
            )
        )
    return rows


def words_of(question: Question, value: Any) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    names = {one.code: name_of(one) for one in question.options}
    chosen = value if isinstance(value, list) else [value]
    return "、".join(names.get(str(one), str(one)) for one in chosen) or _("None of these")


# The exact list ---------------------------------------------------------------------------------


@require_GET
@anybody
def service_list(request: HttpRequest, by: Actor, zone_code: str, code: str) -> HttpResponse:
    """一单告知: exactly which items, papers, days and fees, before anything is typed."""
    version = _version(by, code)
    definition = read_definition(version.body)
    answers = answers_in(definition, request.GET)
    outline = lay_out(definition, answers)
    if outline.bars:
        return render(
            request,
            "permits/service_barred.html",
            _head(by, zone_code, version)
            | {
                "bars": listing.bar_lines(outline.bars, name=name_of),
                "answered": _answered(outline, answers, zone_code, code),
                "back": _back(outline, answers, zone_code, code),
                "complaint_phone": Zone.objects.get(pk=by.zone_id).complaint_phone,
                "office": office_words(version.thing.office.name) if version.thing.office else "",
            },
        )
    if outline.questions_open:
        address = reverse("service_questions", args=[zone_code, code])
        return redirect(f"{address}?{urlencode(pairs_of(answers))}")
    speaker = _speaker(request)
    lines = listing.listed(
        definition,
        outline.items,
        outline.materials,
        name=name_of,
        held=_held(speaker, outline) if speaker else frozenset(),
    )
    if request.GET.get("as") == "pdf":
        body = listing.list_pdf(
            version.thing, lines, outline, zone_name=by.name, made_at=timezone.now()
        )
        return attachment(body, f"{version.thing.name}-一单告知.pdf", "application/pdf")
    pairs = pairs_of(answers)
    context = _head(by, zone_code, version) | {
        "lines": lines,
        "outline": outline,
        "single": outline.single,
        "answered": _answered(outline, answers, zone_code, code),
        "before": pairs,
        "query": urlencode(pairs),
        "speaker": speaker,
        "back": _back(outline, answers, zone_code, code),
        "start": reverse("service_start", args=[zone_code, code]),
    }
    return render(request, "permits/service_list.html", context)


def _speaker(request: HttpRequest) -> Actor | None:
    """Whoever reads this page signed in for an enterprise."""
    if not request.user.is_authenticated:
        return None
    by = base.chosen_post(account_id=request.user.pk, wanted=request.session.get("post"))
    return by if by is not None and by.role in applicant_access.SPEAKS and by.party_ref else None


def _held(by: Actor, outline: Outline) -> frozenset[str]:
    """Papers the enterprise need not bring, as it is here and allows it."""
    wanted = [one.paper for one in outline.materials if one.exempt_if_held]
    with acting(by):
        return frozenset(
            held.standing_papers(
                zone_id=by.zone_id,
                party_id=by.party_ref or 0,
                codes=wanted,
                on=local_date(timezone.now()),
            )
        )


@anybody
def service_start(request: HttpRequest, by: Actor, zone_code: str, code: str) -> HttpResponse:
    """Begin: for the enterprise one is signed in for, or with a name and a telephone."""
    version = _version(by, code)
    definition = read_definition(version.body)
    given = request.POST if request.method == "POST" else request.GET
    answers = answers_in(definition, given)
    speaker = _speaker(request)
    refusal: Refused | None = None
    if request.method == "POST" and given.get("as") == "enterprise" and speaker is not None:
        return _start_for(request, speaker, version, answers)
    if request.method == "POST":
        try:
            return _start(request, by, version, answers)
        except Refused as error:
            if request.headers.get("HX-Request"):
                raise
            refusal = error
    pairs = pairs_of(answers)
    here = reverse("service_start", args=[zone_code, code])
    context = _head(by, zone_code, version) | {
        "before": pairs,
        "speaker": speaker,
        "typed": request.POST,
        "errors": {refusal.field or "form": str(refusal)} if refusal else {},
        "back": f"{reverse('service_list', args=[zone_code, code])}?{urlencode(pairs)}",
        "sign_in": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': f'{here}?{urlencode(pairs)}'})}",
    }
    return render(request, "permits/service_start.html", context, status=422 if refusal else 200)


def _start_for(
    request: HttpRequest, speaker: Actor, version: ThingVersion, answers: dict[str, Any]
) -> HttpResponse:
    with acting(speaker):
        case = permits.open_case(
            by=speaker,
            now=timezone.now(),
            thing=Thing.objects.get(zone_id=speaker.zone_id, code=version.thing.code),
            party=found(Party.objects.filter(pk=speaker.party_ref or 0).first()),
            answers=answers,
        )
    return go(request, my_way(case).home)


def _start(
    request: HttpRequest, by: Actor, version: ThingVersion, answers: dict[str, Any]
) -> HttpResponse:
    secret = keys.new_secret()
    contact = text(
        request, "contact_name", longest=60, required=_("Type your name, so that we can call you.")
    )
    permits.open_case(
        by=by,
        now=timezone.now(),
        thing=version.thing,
        answers=answers,
        key=secret,
        contact_name=contact,
        contact_phone=text(
            request, "contact_phone", longest=40, required=_("Type a telephone number.")
        ),
        applicant_name=text(request, "applicant_name", longest=120) or contact,
    )
    return go(request, f"{link_way(secret).home}?new=1")


# Found again ------------------------------------------------------------------------------------


@anybody
def service_track(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """How an application stands, by its number and telephone; no more than needed is told."""
    context: dict[str, Any] = {
        "zone_name": by.name,
        "zone_code": zone_code,
        "typed": request.POST,
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "permits/service_track.html", context)
    try:
        holder = permits.look_up_case(
            by=by,
            now=timezone.now(),
            asker=request.META.get("REMOTE_ADDR", ""),
            number=request.POST.get("number", ""),
            phone=request.POST.get("phone", ""),
        )
    except Refused as refusal:
        context["errors"] = {refusal.field or "number": str(refusal)}
        return render(request, "permits/service_track.html", context, status=422)
    if holder is None:
        context["errors"] = {
            "number": _("No application has this number and this telephone; compare them.")
        }
        return render(request, "permits/service_track.html", context, status=422)
    with acting(holder):
        case = found(queries.case_of_link(by=holder))
        if case.state == case.State.DRAFT and case.party_id is None:
            secret = keys.new_secret()
            permits.renew_key(by=holder, now=timezone.now(), case=case, key=secret)
            return go(request, link_way(secret).home)
        context |= listing.standing_of(case, now=timezone.now(), name=name_of)
        return render(request, "permits/service_found.html", context)
