"""Verbs of the livelihood list: items, steps, places, monthly figures, pictures, the next year."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files, journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.sniffing import sniff_picture
from xiaoer.projects import livelihood_access as access
from xiaoer.projects.models import (
    LivelihoodCategory,
    LivelihoodFigure,
    LivelihoodItem,
    LivelihoodPicture,
    LivelihoodPlace,
    LivelihoodStep,
)

FIRST, LAST = 2000, 2099
MOST = Decimal(10) ** 10
State = LivelihoodItem.State


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as it is promised; ``category`` is named, and opened where the year has none so."""

    category: str
    name: str
    promise: str
    office: Office
    leader: Post | None = None
    subject: str = ""
    unit: str = ""
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place of an item; ``was`` and ``becomes`` where something turns into something else."""

    kind: str
    name: str
    began_on: date
    level: str = LivelihoodPlace.Level.NONE
    due_on: date | None = None
    was: str = ""
    becomes: str = ""
    note: str = ""


def _text(words: str, field: str, most: int, needed: str = "") -> str:
    words = " ".join(words.replace("\x00", "").split())
    if needed and not words:
        raise Refused(needed, field=field)
    if len(words) > most:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": most}, field=field
        )
    return words


# Items -------------------------------------------------------------------------------------------


@transaction.atomic
def open_item(*, by: Actor, now: datetime, year: int, facts: ItemFacts) -> LivelihoodItem:
    """Put an item on a year's list, with the next number."""
    access.must_keep_list(by)
    if not FIRST <= year <= LAST:
        raise Refused(_("Type the year with four digits, such as 2026."), field="year")
    category = _category(by, now, year, facts.category)
    row = LivelihoodItem(
        zone_id=by.zone_id,
        category=category,
        year=year,
        number=_next_number(by, year),
        opened_at=now,
        **_columns(facts),
    )
    row.save()
    journal.record(
        by=by, now=now, verb="open_livelihood_item", subject=row, name=row.name, year=year
    )
    return row


def _category(by: Actor, now: datetime, year: int, name: str) -> LivelihoodCategory:
    """The category of that name in that year; locked, so that numbers are given one by one."""
    name = _text(name, "category", 60, _("Name the category the item belongs to."))
    rows = LivelihoodCategory.objects.filter(zone_id=by.zone_id, year=year)
    found = rows.select_for_update().filter(name=name).first()
    if found is not None:
        return found
    last = rows.aggregate(last=Max("order"))["last"] or 0
    row = LivelihoodCategory.objects.create(
        zone_id=by.zone_id, year=year, order=last + 1, name=name
    )
    journal.record(by=by, now=now, verb="open_livelihood_category", subject=row, name=name)
    return row


def _next_number(by: Actor, year: int) -> int:
    rows = LivelihoodItem.objects.filter(zone_id=by.zone_id, year=year)
    last = rows.select_for_update().order_by("-number").first()
    return last.number + 1 if last else 1


def _columns(facts: ItemFacts) -> dict[str, object]:
    unit = _text(facts.unit, "unit", 20)
    if facts.target is not None:
        if not 0 < facts.target < MOST:
            raise Refused(
                _("A task is more than nothing; leave it empty if there is none."), field="target"
            )
        if not unit:
            raise Refused(_("Say in what unit the task is, such as 个."), field="unit")
    return {
        "name": _text(facts.name, "name", 80, _("Name the item.")),
        "promise": _text(facts.promise, "promise", 500, _("Write what is promised, as published.")),
        "office": facts.office,
        "leader": facts.leader,
        "subject": _text(facts.subject, "subject", 30),
        "unit": unit,
        "target": facts.target,
    }


def _locked(by: Actor, item: LivelihoodItem) -> LivelihoodItem:
    return (
        LivelihoodItem.objects.select_for_update(of=("self",))
        .select_related("office", "category")
        .get(zone_id=by.zone_id, pk=item.pk)
    )


def _open(by: Actor, item: LivelihoodItem) -> LivelihoodItem:
    """The item, locked, while it is under way."""
    row = _locked(by, item)
    access.must_report_of(by, row)
    if row.state != State.RUNNING:
        raise Refused(
            _("“%(name)s” is %(state)s; nothing more is added to it.")
            % {"name": row.name, "state": row.get_state_display()}
        )
    return row


@transaction.atomic
def change_item(
    *, by: Actor, now: datetime, item: LivelihoodItem, facts: ItemFacts, version: int
) -> LivelihoodItem:
    """Change what an item says; its year and number stay."""
    access.must_keep_list(by)
    row = _locked(by, item)
    journal.must_be_fresh(row, version)
    category = _category(by, now, row.year, facts.category)
    new = _columns(facts) | {"category": category}
    changed = journal.changes(row, new)
    if not changed:
        return row
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="change_livelihood_item", subject=row, **changed)
    return row


@transaction.atomic
def complete_item(
    *, by: Actor, now: datetime, item: LivelihoodItem, completed_on: date, version: int
) -> LivelihoodItem:
    """Say that an item is done; every step of it must be."""
    row = _open(by, item)
    journal.must_be_fresh(row, version)
    _must_be_past(completed_on, now, "completed_on")
    steps = list(row.steps.all())
    waiting = next((step for step in steps if step.done_on is None), None)
    if waiting is not None:
        raise Refused(
            _("The step “%(name)s” is not done; finish it first.") % {"name": waiting.name}
        )
    if not steps:
        raise Refused(
            _("This item has no steps, so nobody can tell that it is done; add them first.")
        )
    last = max(step.done_on for step in steps if step.done_on is not None)
    if completed_on < last:
        raise Refused(
            _("A step was done on %(day)s; the item is not completed before it.") % {"day": last},
            field="completed_on",
        )
    row.state, row.completed_on = State.COMPLETED, completed_on
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="complete_livelihood_item", subject=row, on=str(completed_on)
    )
    return row


@transaction.atomic
def drop_item(
    *, by: Actor, now: datetime, item: LivelihoodItem, reason: str, version: int
) -> LivelihoodItem:
    """Give an item up, with the reason; it stays readable."""
    access.must_keep_list(by)
    row = _open(by, item)
    journal.must_be_fresh(row, version)
    row.why = _text(reason, "reason", 300, _("Say why it is given up."))
    row.state = State.DROPPED
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="drop_livelihood_item", subject=row, reason=row.why)
    return row


@transaction.atomic
def take_to_next_year(
    *, by: Actor, now: datetime, item: LivelihoodItem, reason: str, version: int
) -> LivelihoodItem:
    """Carry an item that is not finished onto the next year's list; returns the new one.

    Steps that are open go with it; places that are under way too. What was reached stays where it
    was reported.
    """
    access.must_keep_list(by)
    row = _open(by, item)
    journal.must_be_fresh(row, version)
    if row.year + 1 > LAST:
        raise Refused(_("Type the year with four digits, such as 2026."), field="year")
    row.why = _text(reason, "reason", 300, _("Say why it goes on next year."))
    row.state = State.CARRIED
    row.version += 1
    row.save()
    category = _category(by, now, row.year + 1, row.category.name)
    following = LivelihoodItem.objects.create(
        zone_id=by.zone_id,
        category=category,
        year=row.year + 1,
        number=_next_number(by, row.year + 1),
        name=row.name,
        promise=row.promise,
        subject=row.subject,
        office=row.office,
        leader_id=row.leader_id,
        unit=row.unit,
        target=row.target,
        carried_from=row,
        opened_at=now,
    )
    LivelihoodStep.objects.bulk_create(
        LivelihoodStep(zone_id=by.zone_id, item=following, name=step.name, due_on=step.due_on)
        for step in row.steps.filter(done_on__isnull=True)
    )
    LivelihoodPlace.objects.bulk_create(
        LivelihoodPlace(
            zone_id=by.zone_id, item=following, kind=one.kind, name=one.name, level=one.level,
            began_on=one.began_on, due_on=one.due_on, was=one.was, becomes=one.becomes,
            note=one.note,
        )
        for one in row.places.filter(done_on__isnull=True)
    )  # fmt: skip
    journal.record(
        by=by,
        now=now,
        verb="take_livelihood_item_on",
        subject=row,
        to=str(following.year),
        reason=row.why,
    )
    return following


@transaction.atomic
def show_item(*, by: Actor, now: datetime, item: LivelihoodItem, is_public: bool) -> LivelihoodItem:
    """Put an item on the page residents read, or take it off."""
    access.must_keep_list(by)
    row = _locked(by, item)
    if row.is_public == is_public:
        return row
    row.is_public = is_public
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="show_livelihood_item", subject=row, state="on" if is_public else "off"
    )
    return row


@transaction.atomic
def show_year(*, by: Actor, now: datetime, year: int) -> int:
    """Put every item of a year on the page residents read; how many were not there yet."""
    access.must_keep_list(by)
    rows = LivelihoodItem.objects.filter(zone_id=by.zone_id, year=year, is_public=False)
    shown = list(rows.exclude(state=State.DROPPED).select_for_update().order_by("number"))
    for row in shown:
        show_item(by=by, now=now, item=row, is_public=True)
    return len(shown)


def _must_be_past(day: date, now: datetime, field: str) -> None:
    if day > timezone.localdate(now):
        raise Refused(_("This day has not come yet."), field=field)


# Steps -------------------------------------------------------------------------------------------


@transaction.atomic
def add_item_step(
    *, by: Actor, now: datetime, item: LivelihoodItem, name: str, due_on: date
) -> LivelihoodStep:
    """Say what is to be done of an item by a day."""
    row = _open(by, item)
    step = LivelihoodStep.objects.create(
        zone_id=by.zone_id,
        item=row,
        name=_text(name, "name", 120, _("Say what is to be done.")),
        due_on=due_on,
    )
    journal.record(
        by=by, now=now, verb="add_livelihood_step", subject=row, name=step.name, until=str(due_on)
    )
    return step


@transaction.atomic
def finish_item_step(
    *, by: Actor, now: datetime, step: LivelihoodStep, done_on: date, note: str = ""
) -> LivelihoodStep:
    """Say on which day a step was done."""
    row = _open(by, step.item)
    step = LivelihoodStep.objects.select_for_update().get(zone_id=by.zone_id, pk=step.pk)
    if step.done_on is not None:
        raise Refused(
            _("“%(name)s” was done on %(day)s already.") % {"name": step.name, "day": step.done_on}
        )
    _must_be_past(done_on, now, "done_on")
    step.done_on, step.note = done_on, _text(note, "note", 300)
    step.version += 1
    step.save()
    journal.record(
        by=by, now=now, verb="finish_livelihood_step", subject=row, name=step.name, on=str(done_on)
    )
    return step


@transaction.atomic
def reopen_item_step(
    *, by: Actor, now: datetime, step: LivelihoodStep, reason: str
) -> LivelihoodStep:
    """Say that a step was not done after all."""
    row = _open(by, step.item)
    step = LivelihoodStep.objects.select_for_update().get(zone_id=by.zone_id, pk=step.pk)
    if step.done_on is None:
        raise Refused(_("“%(name)s” is open.") % {"name": step.name})
    step.note = _text(reason, "reason", 300, _("Say why it is open again."))
    step.done_on = None
    step.version += 1
    step.save()
    journal.record(
        by=by, now=now, verb="reopen_livelihood_step", subject=row, name=step.name, reason=step.note
    )
    return step


# Places ------------------------------------------------------------------------------------------


@transaction.atomic
def add_item_place(
    *, by: Actor, now: datetime, item: LivelihoodItem, facts: PlaceFacts
) -> LivelihoodPlace:
    """Name a village, community, school or clinic the item is done at."""
    row = _open(by, item)
    if facts.kind not in LivelihoodPlace.Kind.values:
        raise Refused(_("Choose one of the list."), field="kind")
    if facts.level not in LivelihoodPlace.Level.values:
        raise Refused(_("Choose one of the list."), field="level")
    place = LivelihoodPlace(
        zone_id=by.zone_id,
        item=row,
        kind=facts.kind,
        name=_text(facts.name, "name", 60, _("Name the place.")),
        level=facts.level,
        began_on=facts.began_on,
        due_on=facts.due_on,
        was=_text(facts.was, "was", 40),
        becomes=_text(facts.becomes, "becomes", 40),
        note=_text(facts.note, "note", 300),
    )
    if facts.due_on is not None and facts.due_on < facts.began_on:
        raise Refused(_("It ends before it begins; check both days."), field="due_on")
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise Refused(
            _("%(name)s is a place of this item already.") % {"name": place.name}, field="name"
        ) from error
    journal.record(
        by=by, now=now, verb="add_livelihood_place", subject=row, name=place.name, kind=place.kind
    )
    return place


@transaction.atomic
def finish_item_place(
    *, by: Actor, now: datetime, place: LivelihoodPlace, done_on: date, note: str = ""
) -> LivelihoodPlace:
    """Say on which day a place was completed."""
    row = _open(by, place.item)
    place = LivelihoodPlace.objects.select_for_update().get(zone_id=by.zone_id, pk=place.pk)
    if place.done_on is not None:
        raise Refused(
            _("“%(name)s” was done on %(day)s already.")
            % {"name": place.name, "day": place.done_on}
        )
    _must_be_past(done_on, now, "done_on")
    if done_on < place.began_on:
        raise Refused(_("It ends before it begins; check both days."), field="done_on")
    place.state, place.done_on = LivelihoodPlace.State.COMPLETED, done_on
    place.note = _text(note, "note", 300) or place.note
    place.version += 1
    place.save()
    journal.record(
        by=by,
        now=now,
        verb="finish_livelihood_place",
        subject=row,
        name=place.name,
        on=str(done_on),
    )
    return place


# Figures -----------------------------------------------------------------------------------------


@transaction.atomic
def report_item_figure(
    *,
    by: Actor,
    now: datetime,
    item: LivelihoodItem,
    month: date,
    value: Decimal,
    note: str = "",
) -> LivelihoodFigure:
    """Report what was reached from January to the end of a month, in the unit of the item.

    A second report of the same month corrects the first and says why; the first stays readable.
    """
    row = _open(by, item)
    if not row.unit:
        raise Refused(
            _("This item counts nothing: it has no unit. Give it one first."), field="value"
        )
    first = month.replace(day=1)
    _must_be_past(first, now, "month")
    if first.year != row.year:
        raise Refused(
            _("This is an item of %(year)d; report a month of that year.") % {"year": row.year},
            field="month",
        )
    if not 0 <= value < MOST:
        raise Refused(_("A figure is not below nothing."), field="value")
    old = row.figures.select_for_update().filter(month=first, is_current=True).first()
    words = _text(note, "note", 300)
    if old is not None:
        if old.value == value:
            return old
        if not words:
            raise Refused(
                _("%(value)s is reported for this month; say why it is corrected.")
                % {"value": f"{old.value.normalize():f}"},
                field="note",
            )
        LivelihoodFigure.objects.filter(pk=old.pk).update(is_current=False)
    figure = LivelihoodFigure.objects.create(
        zone_id=by.zone_id,
        item=row,
        month=first,
        value=value,
        note=words,
        reported_at=now,
        post_id=by.post_id,
        replaces=old,
    )
    journal.record(
        by=by,
        now=now,
        verb="report_livelihood_figure",
        subject=row,
        on=f"{first:%Y-%m}",
        old=str(old.value) if old else "",
        new=str(value),
    )
    return figure


# Pictures ----------------------------------------------------------------------------------------


@transaction.atomic
def put_picture(
    *,
    by: Actor,
    now: datetime,
    item: LivelihoodItem,
    upload: files.Upload,
    file_name: str,
    moment: str,
    place: LivelihoodPlace | None = None,
    words: str = "",
    is_public: bool = False,
) -> LivelihoodPicture:
    """Put a photo beside an item or a place of it: before, or after. Where it was taken is not kept."""
    row = _locked(by, item)
    access.must_report_of(by, row)
    if moment not in LivelihoodPicture.Moment.values:
        raise Refused(_("Say whether it shows before or after."), field="moment")
    if place is not None and place.item_id != row.pk:
        raise Refused(_("Choose one of the list."), field="place")
    if is_public:
        access.must_keep_list(by)
    kept = files.keep_file(by=by, now=now, stream=upload, name=file_name, look=sniff_picture)
    picture = LivelihoodPicture.objects.create(
        zone_id=by.zone_id,
        item=row,
        place=place,
        file=kept,
        moment=moment,
        words=_text(words, "words", 120),
        is_public=is_public,
        put_at=now,
        post_id=by.post_id,
    )
    journal.record(
        by=by, now=now, verb="put_livelihood_picture", subject=row, kind=moment,
        sha256=kept.sha256[:16],
    )  # fmt: skip
    return picture


@transaction.atomic
def show_picture(
    *, by: Actor, now: datetime, picture: LivelihoodPicture, is_public: bool
) -> LivelihoodPicture:
    """Let residents see a picture, or no longer."""
    access.must_keep_list(by)
    row = LivelihoodPicture.objects.select_for_update().get(zone_id=by.zone_id, pk=picture.pk)
    if row.is_public != is_public:
        row.is_public = is_public
        row.save()
        journal.record(
            by=by, now=now, verb="show_livelihood_picture", subject=picture.item,
            state="on" if is_public else "off",
        )  # fmt: skip
    return row


@transaction.atomic
def take_picture_off(*, by: Actor, now: datetime, picture: LivelihoodPicture) -> LivelihoodPicture:
    """Take a picture off its item; the line that says who did it stays."""
    item = _locked(by, picture.item)
    access.must_report_of(by, item)
    row = LivelihoodPicture.objects.select_for_update().get(zone_id=by.zone_id, pk=picture.pk)
    if row.removed_at is None:
        row.removed_at, row.is_public = now, False
        row.save()
        journal.record(by=by, now=now, verb="take_livelihood_picture_off", subject=item)
    return row
