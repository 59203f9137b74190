"""更正申请: asked by the enterprise, decided by a person; the value is changed by its own room."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base import queries as base
from xiaoer.base.dates import parse_date
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf, system
from xiaoer.base.units import parse_money
from xiaoer.facts import actions as facts
from xiaoer.facts import queries as facts_queries
from xiaoer.facts.measuring import read_figure
from xiaoer.facts.models import Column, Value
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import Correction
from xiaoer.outreach.queries.held import FIELDS, figure_words, shown_fact
from xiaoer.outreach.queries.transfer import desk_office
from xiaoer.registry import actions as registry
from xiaoer.registry.actions import PartyFacts
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import LimitRule, Matter, Task

About, State = Correction.About, Correction.State
DECIDE, LIMIT = "decide_correction", "correction.decide"
MOST_OPEN = 30


@transaction.atomic
def ask_correction(
    *,
    by: Actor,
    now: datetime,
    stated: str,
    reason: str,
    field: str = "",
    value: Value | None = None,
) -> Correction:
    """State what is right, and why. It changes nothing by itself; whoever keeps it decides.

    ``field`` names a registration datum, ``value`` a figure; with neither it is about something
    else, told in words.
    """
    if by.role != Role.ENTERPRISE or not by.party_ref:
        raise Refused(_("Only the enterprise asks to correct what is held about it."))
    party = Party.objects.filter(pk=by.party_ref, zone_id=by.zone_id).first()
    if party is None:
        raise Refused(_("There is no such enterprise here for you."))
    row = Correction(
        zone_id=by.zone_id,
        party=party,
        about=About.FIGURE if value else About.REGISTRATION if field else About.OTHER,
        field=field,
        value=_own_value(by, value),
        stated=must_say(stated, "stated", _("Say what is right."), most=500),
        reason=must_say(reason, "reason", _("Say how you know; a paper helps."), most=500),
        asked_by_id=by.post_id,
        asked_name=by.name[:60],
        asked_at=now,
    )
    row.was = _was(row)
    _must_be_possible(row)
    with on_behalf(by):
        if Correction.objects.filter(party=party, state=State.ASKED).count() >= MOST_OPEN:
            raise Refused(_("Too many corrections wait already; let us decide those first."))
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Refused(
                _("You asked to correct this already; it is being decided."), field="stated"
            ) from error
        _give(row, now)
        _record(by, now, "ask_correction", row, field=row.field or row.about)
    return row


def _own_value(by: Actor, value: Value | None) -> Value | None:
    """A figure is seen under the asker's own scope, or it is not there."""
    if value is None:
        return None
    row = Value.objects.filter(
        pk=value.pk, zone_id=by.zone_id, party_id=by.party_ref or 0, withdrawn_at__isnull=True
    ).select_related("metric")
    found = row.first()
    if found is None:
        raise Refused(_("There is no such figure here for you."))
    return found


def _was(row: Correction) -> str:
    if row.value is not None:
        return figure_words(row.value)[:500]
    return shown_fact(row.party, row.field)[:500] if row.field else ""


def _must_be_possible(row: Correction) -> None:
    if row.about == About.REGISTRATION:
        if row.field not in FIELDS:
            raise Refused(_("Choose what is to be corrected from the list."), field="field")
        if row.stated == row.was:
            raise Refused(_("This is what is held already."), field="stated")
        facts_of(row)
    if row.value is not None:
        _must_be_figure(row.value, row.stated)


def _must_be_figure(value: Value, stated: str) -> None:
    try:
        figure = read_figure(metric=value.metric, aspect=value.aspect, number=stated)
    except Unreadable as error:
        raise Refused(str(error), field="stated") from error
    if figure is None:
        raise Refused(_("Type the figure as a number, such as 4331万元."), field="stated")


def facts_of(row: Correction) -> PartyFacts:
    """A stated registration datum as the registry takes it; what cannot be read is refused."""
    try:
        if row.field == "registered_on":
            return PartyFacts(registered_on=parse_date(row.stated))
        if row.field == "capital_fen":
            money = parse_money(row.stated)
            if money is not None:
                return PartyFacts(capital_fen=money.fen, capital_currency=money.currency)
    except Unreadable as error:
        raise Refused(str(error), field="stated") from error
    column = Party._meta.get_field(row.field)
    longest = getattr(column, "max_length", None)
    given: dict[str, Any] = {row.field: may_say(row.stated, "stated", longest or 500)}
    return PartyFacts(**given)


def _give(row: Correction, now: datetime) -> None:
    """A task for whoever keeps the datum: its officer or the desk; statistics for figures."""
    by = system(row.zone_id)
    row.matter = work.open_matter(
        by=by,
        now=now,
        kind="correction",
        subject_id=row.pk,
        title=_("Correction: %(what)s") % {"what": row.was or row.stated},
        address=f"/corrections/{row.pk}/",
        party=row.party,
    )
    post, office = _keeper(row, now)
    if post is not None or office is not None:
        work.give_task(
            by=by,
            now=now,
            matter=row.matter,
            kind=DECIDE,
            title=_("Decide about a correction"),
            post=post,
            office=office,
            limit=LimitRule.objects.filter(zone_id=row.zone_id, code=LIMIT).first(),
        )
    row.save(update_fields=["matter"])


def _keeper(row: Correction, now: datetime) -> tuple[Post | None, Office | None]:
    posts = base.posts_in_force(zone_id=row.zone_id, on=clocks.local_day(now))
    if row.about == About.FIGURE:
        keeper = posts.filter(role__in=(Role.STATISTICS, Role.ECONOMY), office__isnull=False)
        first = keeper.order_by("-role", "id").first()
        return None, first.office if first else desk_office(row.zone_id, now)
    steward = tasks.steward_of(row.party, now)
    post = posts.filter(pk=steward or 0).first()
    return post, None if post else desk_office(row.zone_id, now)


def _record(by: Actor, now: datetime, verb: str, row: Correction, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, **detail)


def _in_hand(by: Actor, correction: Correction, version: int) -> Correction:
    row = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("party", "value__metric", "matter")
        .filter(pk=correction.pk, zone_id=by.zone_id)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such correction here for you."))
    journal.must_be_fresh(row, version)
    if row.state != State.ASKED:
        raise Refused(_("This was decided already: %(state)s.") % {"state": State(row.state).label})
    row.version += 1
    return row


@transaction.atomic
def grant_correction(
    *, by: Actor, now: datetime, correction: Correction, version: int, words: str = ""
) -> Correction:
    """Put right what the enterprise stated, by the verb of the room that keeps it."""
    row = _in_hand(by, correction, version)
    access.must_decide_correction(by, row, now)
    if row.about == About.REGISTRATION:
        registry.change_party(
            by=by, now=now, party=row.party, facts=facts_of(row), version=row.party.version
        )
    elif row.value is not None:
        row.recorded = _new_version(by, now, row, row.value)
    return _decide(by, now, row, State.GRANTED, may_say(words, "words", 500))


def _new_version(by: Actor, now: datetime, row: Correction, value: Value) -> Value:
    """What the enterprise says stands as reported, known from now on; official figures stay."""
    figure = facts_queries.figure_of(value)
    return facts.record_value(
        by=by,
        now=now,
        metric=figure.metric,
        period=figure.period,
        number=row.stated,
        aspect=value.aspect,
        dimension=value.dimension,
        column=Column.REPORTED,
        source=f"企业更正申请（{timezone.localtime(row.asked_at):%Y-%m-%d}）",
        party=row.party,
        note=row.reason[:300],
    )


@transaction.atomic
def decline_correction(
    *, by: Actor, now: datetime, correction: Correction, version: int, words: str
) -> Correction:
    """Leave what is held as it is, and tell the enterprise why."""
    row = _in_hand(by, correction, version)
    access.must_decide_correction(by, row, now)
    words = must_say(words, "words", _("Tell the enterprise why."), most=500)
    return _decide(by, now, row, State.DECLINED, words)


@transaction.atomic
def withdraw_correction(
    *, by: Actor, now: datetime, correction: Correction, version: int
) -> Correction:
    """The enterprise takes its own request to correct back."""
    own = Correction.objects.filter(pk=correction.pk, party_id=by.party_ref or 0).exists()
    if by.role != Role.ENTERPRISE or not own:
        raise Refused(_("There is no such correction here for you."))
    with on_behalf(by):
        return _decide(by, now, _in_hand(by, correction, version), State.WITHDRAWN, "")


def _decide(by: Actor, now: datetime, row: Correction, state: str, words: str) -> Correction:
    row.state, row.words, row.decided_at = state, words, now
    row.decided_by_id = by.post_id if by.is_staff else None
    row.decided_who = by.who[:120]
    row.save()
    if row.matter is not None:
        _end_tasks(by, now, row.matter, row)
    verb = {
        State.GRANTED: "grant_correction",
        State.DECLINED: "decline_correction",
        State.WITHDRAWN: "withdraw_correction",
    }[State(state)]
    _record(by, now, verb, row, field=row.field or row.about)
    return row


def _end_tasks(by: Actor, now: datetime, matter: Matter, row: Correction) -> None:
    giver = system(row.zone_id)
    for task in Task.objects.filter(matter=matter, state=Task.State.OPEN, kind=DECIDE):
        work.finish_task(by=giver, now=now, task=task, outcome=str(State(row.state).label))
    work.close_matter(by=giver, now=now, matter=matter)
