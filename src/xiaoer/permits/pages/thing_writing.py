"""Forms of definitions: taken up, described, drafted, written part by part, released, taken in."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Office
from xiaoer.base.pages.forms import choice, must_day, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers.models import LicenceKind, PaperKind
from xiaoer.permits import actions as permits
from xiaoer.permits import queries
from xiaoer.permits import thing_forms as forms
from xiaoer.permits.actions.versions import must_be_second
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.pages.things import said_name, thing_name, thing_of, version_of
from xiaoer.permits.thing_access import KEEPERS
from xiaoer.permits.thing_words import (
    ANSWERS,
    DECIDES,
    MARK_NAMES,
    PARTS,
    SORTS,
    SOURCES,
    STEPS,
    UNITS,
)
from xiaoer.permits.wording import Unreadable, write_definition
from xiaoer.permits.words import known_words

writers = page(*sorted(KEEPERS))
LARGEST_FILE = 2_000_000


@writers
def thing_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Take up a thing with its first draft, empty or as a copy."""
    if request.method == "POST":
        code = text(request, "code", longest=60, required=_("Type a code."))
        copied = number(request.POST.get("copied"))
        if copied is not None:
            of = thing_of(by, copied)
            made = permits.copy_thing(
                by=by, now=timezone.now(), thing=of, code=code,
                name=text(request, "name", longest=80),
            )  # fmt: skip
        else:
            made = permits.open_thing(
                by=by, now=timezone.now(), code=code, facts=_facts(request, by)
            )
            permits.draft_version(by=by, now=timezone.now(), thing=made)
        messages.success(request, _("It is taken up; write what it asks and does."))
        return go(request, reverse("thing", args=[made.pk]))
    copied = number(request.GET.get("of"))
    context = {
        "of": thing_of(by, copied) if copied is not None else None,
        "thing": None,
        **_choices(by),
    }
    return render(request, "permits/thing_form.html", context)


@writers
def thing_change(request: HttpRequest, by: Actor, thing_id: int) -> HttpResponse:
    """Describe a thing anew, or end it."""
    kept = thing_of(by, thing_id)
    if request.method == "POST":
        if "ends" in request.POST:
            permits.end_thing(
                by=by, now=timezone.now(), thing=kept, version=_fresh(request),
                on=must_day(request, "on"), reason=text(request, "reason", longest=300),
            )  # fmt: skip
        else:
            permits.change_thing(
                by=by, now=timezone.now(), thing=kept, version=_fresh(request),
                facts=_facts(request, by),
            )  # fmt: skip
        messages.success(request, _("Kept."))
        return go(request, reverse("thing", args=[kept.pk]))
    context = {"of": None, "thing": kept, "name": thing_name(kept), **_choices(by)}
    return render(request, "permits/thing_form.html", context)


def _choices(by: Actor) -> dict[str, Any]:
    return {
        "kinds": Thing.Kind.choices,
        "targets": Thing.Target.choices,
        "offices": list(_offices(by).values_list("id", "name")),
        "today": timezone.localdate(),
    }


def _offices(by: Actor) -> Any:
    standing = Office.objects.filter(zone_id=by.zone_id).exclude(until__lt=timezone.localdate())
    return standing.order_by("order", "id")


def _facts(request: HttpRequest, by: Actor) -> permits.ThingFacts:
    office_id = number(request.POST.get("office"))
    office = _offices(by).filter(pk=office_id).first() if office_id is not None else None
    return permits.ThingFacts(
        name=text(request, "name", longest=80, required=_("Type what people call it.")),
        name_en=text(request, "name_en", longest=120),
        kind=choice(request, "kind", list(Thing.Kind.values)),
        target=choice(request, "target", list(Thing.Target.values)),
        office=office,
        summary=text(request, "summary", longest=300),
        summary_en=text(request, "summary_en", longest=300),
        batch=text(request, "batch", longest=60),
        is_value_added="is_value_added" in request.POST,
    )


@writers
def thing_import(request: HttpRequest, by: Actor) -> HttpResponse:
    """Take in a definition another zone exported, as a draft."""
    if request.method == "POST":
        try:
            draft = permits.import_definition(by=by, now=timezone.now(), document=_sent(request))
        except Unreadable as unreadable:
            raise Refused(_places(unreadable), field="file") from None
        messages.success(request, _("It is here as a draft; look at what is lacking."))
        return go(request, reverse("thing", args=[draft.thing_id]))
    return render(request, "permits/thing_import.html", {})


MOST_PLACES = 5


def _places(unreadable: Unreadable) -> str:
    """The first places of a file in which something is wrong, each with what."""
    told = [
        _("at %(where)s: %(message)s")
        % {"where": one.where or _("the definition"), "message": one.message}
        for one in unreadable.problems[:MOST_PLACES]
    ]
    return " ".join(told)


def _sent(request: HttpRequest) -> object:
    given = request.FILES.get("file")
    if given is None:
        raise Refused(_("Choose the file a zone exported."), field="file")
    raw = given.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise Refused(
            _("A definition is not larger than 2 MB; this is another file."), field="file"
        )
    try:
        return json.loads(raw)
    except json.JSONDecodeError as broken:
        raise Refused(
            _("This file is no JSON from line %(line)d, column %(column)d on; mend it there.")
            % {"line": broken.lineno, "column": broken.colno},
            field="file",
        ) from None
    except (ValueError, RecursionError):
        raise Refused(
            _("This file is no JSON that can be read; export the definition again."), field="file"
        ) from None


# A version ----------------------------------------------------------------------------------------


@writers
@require_POST
def thing_draft(request: HttpRequest, by: Actor, thing_id: int) -> HttpResponse:
    """Begin the next version with what an earlier one says: also how to undo."""
    kept = thing_of(by, thing_id)
    source = number(request.POST.get("source"))
    of = found(kept.versions.filter(number=source).first()) if source is not None else None
    draft = permits.draft_version(by=by, now=timezone.now(), thing=kept, source=of)
    return go(request, _address(draft))


@writers
def thing_release(request: HttpRequest, by: Actor, thing_draft_id: int) -> HttpResponse:
    """Put a draft in force from a day on, as its second person."""
    draft = version_of(by, thing_draft_id)
    if request.method == "POST":
        permits.release_version(
            by=by, now=timezone.now(), draft=draft, version=_fresh(request),
            valid_from=must_day(request, "valid_from"),
        )  # fmt: skip
        messages.success(request, _("It is in force from that day; cases that run keep theirs."))
        return go(request, _address(draft))
    lacking = ""
    try:
        must_be_second(by, draft)
    except Refused as refused:
        lacking = str(refused)
    definition = queries.definition_of(draft)
    context = {
        "thing": draft.thing,
        "name": thing_name(draft.thing),
        "version": draft,
        "lacking": lacking,
        "problems": queries.problems_of(draft, definition, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "permits/thing_release.html", context)


@writers
@require_POST
def thing_withdraw(request: HttpRequest, by: Actor, thing_draft_id: int) -> HttpResponse:
    """Give a draft up."""
    draft = version_of(by, thing_draft_id)
    permits.withdraw_draft(
        by=by, now=timezone.now(), draft=draft, version=_fresh(request),
        reason=text(request, "reason", longest=300),
    )  # fmt: skip
    return go(request, reverse("thing", args=[draft.thing_id]))


@writers
@require_POST
def thing_retire(request: HttpRequest, by: Actor, thing_version_id: int) -> HttpResponse:
    """Take a version out of force."""
    live = version_of(by, thing_version_id)
    permits.retire_version(
        by=by, now=timezone.now(), live=live, version=_fresh(request),
        reason=text(request, "reason", longest=300),
    )  # fmt: skip
    return go(request, _address(live))


def _address(version: ThingVersion) -> str:
    return f"{reverse('thing', args=[version.thing_id])}?version={version.number}"


def _fresh(request: HttpRequest) -> int:
    return number(request.POST.get("version")) or 0


# Its parts ----------------------------------------------------------------------------------------


@writers
def thing_part(
    request: HttpRequest, by: Actor, thing_draft_id: int, part: str, part_code: str
) -> HttpResponse:
    """One question, item, field or paper of a draft: changed, added, moved, dropped."""
    draft = version_of(by, thing_draft_id)
    definition = queries.definition_of(draft)
    if part == "general":
        return _general(request, by, draft, definition)
    if part not in forms.KEYS:
        return found(None)
    code = part_code
    before = found(forms.one_part(definition, part, code))
    if request.method == "POST":
        changed = _posted(request, draft, definition, part, code)
        _keep(request, by, draft, changed)
        return go(request, f"{_address(draft)}#{part}")
    return render(request, "permits/thing_part.html", _part_context(by, draft, definition, part, code, before))  # fmt: skip


def _posted(
    request: HttpRequest, draft: ThingVersion, definition: Definition, part: str, code: str
) -> Definition:
    act = request.POST.get("act", "")
    if act in ("up", "down"):
        return forms.moved_part(definition, part, code, -1 if act == "up" else 1)
    if act == "drop":
        return forms.without_part(definition, part, code)
    before = forms.one_part(definition, part, code)
    made = forms.typed(request, part, before)
    changed = forms.with_part(definition, part, code, made)
    own = getattr(made, forms.KEYS[part])
    # What is wrong in this part is told beside its field; the rest stands on the draft's page.
    for one in queries.problems_of(draft, changed, timezone.localdate()):
        if one.part == part and one.code == own:
            raise Refused(one.message, field=one.field)
    return changed


def _general(
    request: HttpRequest, by: Actor, draft: ThingVersion, definition: Definition
) -> HttpResponse:
    if request.method == "POST":
        head = permits.Head(
            basis=text(request, "basis", longest=300),
            source=text(request, "source", longest=300),
            mark=request.POST.get("mark", ""),
            note=text(request, "note", longest=500),
        )
        _keep(request, by, draft, forms.typed_general(request, definition), head)
        return go(request, _address(draft))
    context = {
        "limits": [
            ("joint_limit", _("Joint handling, article 42 (2)"), definition.joint_limit),
            ("supplement_limit", _("To tell what is lacking, article 32 (4)"), definition.supplement_limit),
            ("answer_limit", _("For the applicant to supplement"), definition.answer_limit),
        ],
        "definition": definition,
    }  # fmt: skip
    return render(request, "permits/thing_general.html", context | _shared(draft, definition))


def _keep(
    request: HttpRequest,
    by: Actor,
    draft: ThingVersion,
    changed: Definition,
    head: permits.Head | None = None,
) -> None:
    permits.change_draft(
        by=by, now=timezone.now(), draft=draft, version=_fresh(request),
        body=write_definition(changed), head=head,
    )  # fmt: skip


def _shared(draft: ThingVersion, definition: Definition) -> dict[str, Any]:
    return {
        "thing": draft.thing,
        "name": thing_name(draft.thing),
        "version": draft,
        "marks": [
            ("", _("none")),
            *((mark, f"{mark} {said}") for mark, said in MARK_NAMES.items()),
        ],
        "units": list(UNITS.items()),
        "item_options": [(one.code, f"{one.code} {said_name(one)}") for one in definition.items],
        "vocabulary": known_words(definition.questions, definition.fields).values(),
    }


def _part_context(
    by: Actor, draft: ThingVersion, definition: Definition, part: str, code: str, one: Any
) -> dict[str, Any]:
    zone = by.zone_id
    return _shared(draft, definition) | {
        "part": part,
        "part_name": PARTS[part],
        "code": code,
        "is_new": code == forms.NEW,
        "one": one,
        "answers": list(ANSWERS.items()),
        "decides": list(DECIDES.items()),
        "step_kinds": list(STEPS.items()),
        "sources": list(SOURCES.items()),
        "sorts": list(SORTS.items()),
        "offices": [(name, name) for name in _offices(by).values_list("name", flat=True)],
        "papers": list(
            PaperKind.objects.filter(zone_id=zone, ended_on__isnull=True).values_list("code", "name")
        ),
        "licences": [
            ("", _("none, a result in words")),
            *LicenceKind.objects.filter(zone_id=zone, ended_on__isnull=True).values_list("code", "name"),
        ],
        "day_fields": [
            ("", _("none, it stands")),
            *((one.code, said_name(one)) for one in definition.fields if one.sort == "date"),
        ],
        "empty_rows": 3,
    }  # fmt: skip
