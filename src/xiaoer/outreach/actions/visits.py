"""Visits: programmes, their days, one-minute logs, corrections. A visit is never an inspection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.actions.disturbing import (
    Told,
    contact_of_visit,
    take_answers,
    warnings_of_contact,
)
from xiaoer.outreach.actions.filing import Filed, file_appeal
from xiaoer.outreach.actions.heard import (
    Heard,
    Step,
    copy_answers,
    promise_steps,
    write_answers,
)
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import (
    Appeal,
    AppealKind,
    Companion,
    Gathering,
    Programme,
    Visit,
)
from xiaoer.outreach.queries.visits import finding_words, visits_of_day
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact, Task

# A visit is written down within these days, else who logs it says why.
LOGGED = "visit.log"


@dataclass(frozen=True, slots=True)
class Raised:
    """A request raised on the spot."""

    title: str
    body: str
    kind: AppealKind | None = None
    urgency: str = Appeal.Urgency.NORMAL
    money_fen: int | None = None
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A visit that was written down, what it brought, and what to look at again."""

    visit: Visit
    filed: tuple[Filed, ...]
    warnings: tuple[str, ...]
    steps: tuple[Task, ...] = ()


@transaction.atomic
def open_programme(
    *, by: Actor, now: datetime, code: str, name: str, kind: str, source: str = ""
) -> Programme:
    """Open a name under which visits are made (企业走访日, 企业问题收集日, …)."""
    _must_plan(by)
    code = must_say(code, "code", _("Give the programme a short code."), most=30)
    name = must_say(name, "name", _("Give the programme its name."), most=60)
    if kind not in Programme.Kind.values:
        raise Refused(_("Choose the kind of programme from the list."), field="kind")
    if Programme.objects.filter(zone_id=by.zone_id, code=code).exists():
        raise Refused(
            _("There is already a programme with the code %(code)s.") % {"code": code},
            field="code",
        )
    programme = Programme.objects.create(
        zone_id=by.zone_id, code=code, name=name, kind=kind, source=may_say(source, "source", 200)
    )
    journal.record(by=by, now=now, verb="open_programme", subject=programme, code=code, name=name)
    return programme


def _must_plan(by: Actor) -> None:
    if not access.is_system(by):
        access.must_be_desk(by)


@transaction.atomic
def open_day(
    *, by: Actor, now: datetime, programme: Programme, day: date, place: str = "", note: str = ""
) -> Gathering:
    """Set a day of a programme."""
    _must_plan(by)
    if Gathering.objects.filter(programme=programme, day=day).exists():
        raise Refused(
            _("%(name)s already has a day on %(day)s.")
            % {"name": programme.name, "day": day.isoformat()},
            field="day",
        )
    gathering = Gathering.objects.create(
        zone_id=by.zone_id,
        programme=programme,
        day=day,
        place=may_say(place, "place", 100),
        note=may_say(note, "note", 200),
    )
    journal.record(
        by=by, now=now, verb="open_day", subject=gathering, programme=programme.pk, day=str(day)
    )
    return gathering


@transaction.atomic
def log_visit(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    programme: Programme,
    visited_on: date,
    met: str,
    said: str = "",
    post: Post | None = None,
    companions: Sequence[Post] = (),
    requests: Sequence[Raised] = (),
    contact: Contact | None = None,
    told: Sequence[Told] = (),
    answers: Sequence[Heard] = (),
    steps: Sequence[Step] = (),
    late_reason: str = "",
    another_reason: str = "",
) -> Logged:
    """Log a visit: who went, when, whom they met, what was said and answered, what was asked for.

    Requests raised on the spot are filed at once, whoever logs them is first to answer for them;
    next steps that were promised become tasks. It finishes the contact that was planned for it
    (``contact``, or what is found), or records one, so that the enterprise's quota is true;
    ``told`` answers open questions on the spot. The desk may log for somebody else, such as a
    leader. Words of inspections bring a warning. A day long past, or one on which somebody logged
    a visit to the same enterprise, needs a reason in words, which is journaled.
    """
    visitor = _visitor(by, post)
    reasons = (
        _late(by, now, visited_on, late_reason),
        _another(party, visited_on, visitor, another_reason),
    )
    made = contact_of_visit(
        by=by, now=now, party=party, programme=programme, visited_on=visited_on,
        post_id=visitor, companions=companions, contact=contact,
    )  # fmt: skip
    visit = _write(
        by,
        now,
        party=party,
        programme=programme,
        visited_on=visited_on,
        met=met,
        said=said,
        post_id=visitor,
        companions=companions,
        replaces=None,
        contact=made,
        reason="; ".join(filter(None, reasons)),
    )
    write_answers(visit, answers)
    take_answers(by=by, now=now, party=party, told=told)
    filed = file_raised(by=by, now=now, visit=visit, met=met, requests=requests)
    promised = promise_steps(visit, steps, by=by, now=now)
    warnings = (
        *warnings_about(said, zone_id=visit.zone_id),
        *warnings_of_contact(made),
    )
    return Logged(visit, filed, warnings, promised)


def file_raised(
    *, by: Actor, now: datetime, visit: Visit, met: str, requests: Sequence[Raised]
) -> tuple[Filed, ...]:
    """File what was raised on a visit; whoever logs it is first to answer for it."""
    problem_day = visit.programme.kind == Programme.Kind.PROBLEM_DAY
    return tuple(
        file_appeal(
            by=by,
            now=now,
            party=visit.party,
            channel=Appeal.Channel.PROBLEM_DAY if problem_day else Appeal.Channel.VISIT,
            title=raised.title,
            body=raised.body,
            kind=raised.kind,
            urgency=raised.urgency,
            money_fen=raised.money_fen,
            contact_name=raised.contact_name or met[:60],
            contact_phone=raised.contact_phone,
            visit=visit,
        )
        for raised in requests
    )


def _late(by: Actor, now: datetime, visited_on: date, reason: str) -> str:
    """Phones' clocks go wrong by days, and a log of long ago is from memory: it says why."""
    if visited_on > clocks.local_day(now):
        raise Refused(_("A visit is logged after it was made."), field="visited_on")
    last = clocks.due(by.zone_id or 0, LOGGED, clocks.end_of(visited_on))
    if last is None or last >= now:
        return ""
    reason = may_say(reason, "late_reason", 200)
    if not reason:
        raise Refused(
            _(
                "%(day)s is %(days)d days ago. Check the day; if it is right, say why the visit is"
                " logged only now."
            )
            % {
                "day": visited_on.isoformat(),
                "days": (clocks.local_day(now) - visited_on).days,
            },
            field="late_reason",
        )
    return reason


def _another(party: Party, visited_on: date, visitor: int, reason: str) -> str:
    """One visit is logged once: whoever was there too joins it, or says that theirs was another."""
    # Two who log at the same moment wait for one another here.
    Party.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=party.pk, zone_id=party.zone_id
    ).first()
    same = visits_of_day(zone_id=party.zone_id, party_id=party.pk, day=visited_on).first()
    if same is None:
        return ""
    reason = may_say(reason, "another_reason", 200)
    if reason:
        return reason
    if same.post_id == visitor:
        words = _(
            "You logged a visit to %(name)s on %(day)s already (no. %(number)d): correct that log,"
            " or say in a few words why this was another visit."
        )
    else:
        words = _(
            "%(who)s logged a visit to %(name)s on %(day)s already (no. %(number)d): join it as"
            " companion, or say in a few words why yours was another visit."
        )
    given = {
        "who": same.post.person.name,
        "name": party.name,
        "day": visited_on.isoformat(),
        "number": same.pk,
    }
    raise Refused(words % given, field="another_reason")


@transaction.atomic
def join_visit(*, by: Actor, now: datetime, visit: Visit) -> Companion:
    """Join a visit a colleague logged, as one who went along; who logged it keeps it."""
    post_id = access.staff_post(by)
    kept = Visit.objects.filter(pk=visit.pk, zone_id=by.zone_id, replaced_by__isnull=True).first()
    if kept is None:
        raise Refused(_("This log was corrected meanwhile; open the newest version and join that."))
    if kept.post_id == post_id:
        raise Refused(_("You made this visit yourself; there is nothing to join."))
    joined, made = Companion.objects.get_or_create(
        zone_id=kept.zone_id, visit=kept, post_id=post_id
    )
    if made:
        journal.record(
            by=by,
            now=now,
            verb="join_visit",
            subject=kept,
            party_ref=kept.party_id,
            post=post_id,
        )
    return joined


def _visitor(by: Actor, post: Post | None) -> int:
    own = access.staff_post(by)
    if post is None or post.pk == own:
        return own
    if not access.is_desk(by):
        raise Refused(_("Only the service desk logs a visit for somebody else."), field="post")
    return post.pk


def _write(
    by: Actor,
    now: datetime,
    *,
    party: Party,
    programme: Programme,
    visited_on: date,
    met: str,
    said: str,
    post_id: int,
    companions: Sequence[Post],
    replaces: Visit | None,
    contact: Contact | None,
    reason: str = "",
) -> Visit:
    if visited_on > clocks.local_day(now):
        raise Refused(_("A visit is logged after it was made."), field="visited_on")
    met = must_say(met, "met", _("Say whom you met."), most=120)
    visit = Visit.objects.create(
        zone_id=by.zone_id,
        party=party,
        programme=programme,
        gathering=Gathering.objects.filter(programme=programme, day=visited_on).first(),
        post_id=post_id,
        visited_on=visited_on,
        met=met,
        said=may_say(said, "said"),
        logged_at=now,
        replaces=replaces,
        contact=contact,
    )
    Companion.objects.bulk_create(
        Companion(zone_id=visit.zone_id, visit=visit, post_id=each)
        for each in dict.fromkeys(post.pk for post in companions)
        if each != post_id
    )
    journal.record(
        by=by,
        now=now,
        verb="correct_visit" if replaces else "log_visit",
        subject=visit,
        party_ref=party.pk,
        visited_on=str(visited_on),
        programme=programme.code,
        replaces=replaces.pk if replaces else None,
        **({"reason": reason} if reason else {}),
    )
    return visit


def warnings_about(said: str, *, zone_id: int) -> tuple[str, ...]:
    """A visit inspects nobody: which words of a log sound as if it had."""
    found = [word for word in finding_words(zone_id=zone_id) if word in said]
    if not found:
        return ()
    return (
        _(
            "The log says “%(words)s”. A visit is not an inspection: grid staff find and order"
            " nothing. Describe what the enterprise said, or leave it to the competent authority."
        )
        % {"words": "、".join(found)},
    )


@transaction.atomic
def correct_visit(
    *,
    by: Actor,
    now: datetime,
    visit: Visit,
    programme: Programme | None = None,
    visited_on: date | None = None,
    met: str | None = None,
    said: str | None = None,
    companions: Sequence[Post] | None = None,
    answers: Sequence[Heard] | None = None,
) -> Logged:
    """Correct a visit by a new version; the old one stays, and what is not given stays as it was."""
    old = Visit.objects.filter(pk=visit.pk, zone_id=by.zone_id).first()
    if old is None:
        raise Refused(_("There is no such visit here for you."))
    if old.post_id != access.staff_post(by) and not access.is_desk(by):
        raise Refused(_("Only who made the visit or the service desk corrects its log."))
    try:
        with transaction.atomic():
            new = _write(
                by,
                now,
                party=old.party,
                programme=programme or old.programme,
                visited_on=visited_on or old.visited_on,
                met=old.met if met is None else met,
                said=old.said if said is None else said,
                post_id=old.post_id,
                companions=_went_along(old) if companions is None else companions,
                replaces=old,
                contact=old.contact,
            )
    except IntegrityError as error:
        raise Refused(
            _("This log was corrected meanwhile; open the newest version and correct that.")
        ) from error
    if new.contact is not None and new.visited_on != old.visited_on:
        work.redate_contact(by=by, now=now, contact=new.contact, on=new.visited_on)
    Appeal.objects.filter(zone_id=by.zone_id, visit=old).update(
        visit=new, programme_id=new.programme_id
    )
    if answers is None:
        copy_answers(old, new)
    else:
        write_answers(new, answers)
    return Logged(new, (), warnings_about(new.said, zone_id=new.zone_id))


def _went_along(visit: Visit) -> list[Post]:
    return [each.post for each in visit.companions.select_related("post")]
