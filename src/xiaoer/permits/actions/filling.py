"""Beginning an application and filling it in: each datum once, from wherever it is known already."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import applicant_access as access
from xiaoer.permits import keys, typed
from xiaoer.permits.actions.holding_case import (
    State,
    case_in_hand,
    must_be_fillable,
    must_be_in,
    must_not_be_barred,
    save_case,
    tell_case,
)
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Case, Thing
from xiaoer.permits.prefilling import known_values
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.wording import read_definition
from xiaoer.registry.models import Party

Channel = Case.Channel
# From one zone without a sign-in in an hour: far more than people do, far less than a machine could.
MOST_DRAFTS_AN_HOUR = 600


@transaction.atomic
def open_case(
    *,
    by: Actor,
    now: datetime,
    thing: Thing,
    party: Party | None = None,
    channel: str = Channel.ONLINE,
    answers: Mapping[str, object] | None = None,
    key: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    applicant_name: str = "",
) -> Case:
    """Begin a draft on the version in force today; it stays on that version to its end.

    ``key`` is the secret a stranger will come back with. Every draft has a short number, which
    together with the telephone finds it again; the number of the case is given at submission.
    """
    _must_open(by, party, channel, key)
    version = queries.version_in_force(zone_id=by.zone_id, thing_id=thing.pk, now=now)
    if version is None:
        raise Refused(
            _("“%(thing)s” cannot be applied for today; ask the service desk when it can.")
            % {"thing": thing.name}
        )
    definition = read_definition(version.body)
    taken = typed.read_answers(definition, answers or {})
    must_not_be_barred(definition, taken)
    with on_behalf(by):
        if not by.is_staff and party is None:
            _must_not_flood(by, now)
        row = Case.objects.create(
            zone_id=by.zone_id,
            number=keys.new_code(),
            thing_version=version,
            party=party,
            applicant_name=_words(applicant_name or (party.name if party else ""), 120),
            contact_name=_words(contact_name, 60),
            contact_phone=typed.read_phone(contact_phone) if contact_phone else "",
            key_hash=keys.hash_of(key or keys.new_secret()),
            channel=channel,
            answers=taken,
            drafted_at=now,
            saved_at=now,
            desk=queries.desk_of(zone_id=by.zone_id, thing=version.thing),
        )
        _fill_known(row, definition, by)
        save_case(row, "form", "form_sources", "contact_name", "contact_phone")
        tell_case(row, by=by, now=now, verb="open_case", thing=version.thing.code)
    return row


def _must_open(by: Actor, party: Party | None, channel: str, key: str) -> None:
    if by.is_staff:
        if by.role is not None and channel not in access.HELPING:
            raise Refused(
                _("Staff begin an application at a service point or as a helping agent."),
                field="channel",
            )
    elif channel != Channel.ONLINE:
        raise Refused(_("Begin it online; the service points begin their own."), field="channel")
    elif by.key or by.role is None:
        if party is not None or not key:
            raise Refused(_("Sign in to apply in the name of an enterprise."))
    elif by.role not in access.SPEAKS or party is None or party.pk != by.party_ref:
        raise Refused(_("You can only apply for the party you speak for."))
    if channel not in Channel.values:
        raise Refused(_("Choose one of the list."), field="channel")


def _must_not_flood(by: Actor, now: datetime) -> None:
    hour = Case.objects.filter(
        zone_id=by.zone_id,
        state=State.DRAFT,
        party__isnull=True,
        drafted_at__gt=now - timedelta(hours=1),
    )
    if hour.count() >= MOST_DRAFTS_AN_HOUR:
        raise Refused(
            _("Very many applications are begun just now; please try again in an hour, or call us.")
        )


def _words(text: str, most: int) -> str:
    text = " ".join(text.split())
    if len(text) > most or not text.isprintable():
        raise Refused(
            _("At most %(most)d characters; these are %(count)d.")
            % {"most": most, "count": len(text)},
            field="contact_name",
        )
    return text


def _fill_known(row: Case, definition: Definition, by: Actor) -> None:
    """Put in what is known, never over what somebody typed, and say where it is from."""
    for code, known in known_values(row, definition, by=by).items():
        if row.form_sources.get(code) == "typed" and row.form.get(code):
            continue
        row.form[code], row.form_sources[code] = known.value, known.source
    if row.party is not None and not by.key:
        row.contact_name = row.contact_name or row.party.contact_name
        row.contact_phone = row.contact_phone or row.party.contact_phone


@transaction.atomic
def fill_case(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    answers: Mapping[str, object] | None = None,
    form: Mapping[str, object] | None = None,
    contact_name: str | None = None,
    contact_phone: str | None = None,
    applicant_name: str | None = None,
    is_early_release: bool | None = None,
) -> Case:
    """Answer questions and fill in fields; saved as one goes, each value with its source.

    Answers decide which items are asked for, so they change in a draft only.
    """
    with case_in_hand(by, case, now) as row:
        must_be_fillable(row)
        definition = read_definition(row.thing_version.body)
        if answers:
            must_be_in(row, frozenset({State.DRAFT}), _("Only the answers of a draft change."))
            row.answers = row.answers | typed.read_answers(definition, answers)
            must_not_be_barred(definition, row.answers)
        if form:
            _take(row, definition, form)
        if contact_name is not None:
            row.contact_name = _words(contact_name, 60)
        if contact_phone is not None:
            row.contact_phone = typed.read_phone(contact_phone)
        if applicant_name is not None and row.party_id is None:
            row.applicant_name = _words(applicant_name, 120)
        if is_early_release is not None:
            row.is_early_release = is_early_release
        _fill_known(row, definition, by)
        row.saved_at = now
        save_case(
            row, "answers", "form", "form_sources", "contact_name", "contact_phone",
            "applicant_name", "is_early_release", "saved_at",
        )  # fmt: skip
        tell_case(
            row,
            by=by,
            now=now,
            verb="fill_case",
            is_shown=False,
            fields=sorted({*(answers or {}), *(form or {})}),
        )
    return row


def _take(row: Case, definition: Definition, form: Mapping[str, object]) -> None:
    read = typed.read_form(definition.fields, form)
    for code, why in read.errors.items():
        raise Refused(why, field=str(code)[:60])
    for code, value in read.values.items():
        if value == row.form.get(code, ""):
            # Sent back as it was shown: it is still from where it was.
            continue
        row.form[code], row.form_sources[code] = value, "typed"


@transaction.atomic
def fill_from_papers(*, by: Actor, now: datetime, case: Case) -> Case:
    """Fill in what was read off the papers meanwhile; told by the job that read them."""
    with case_in_hand(by, case, now) as row:
        if row.state != State.DRAFT:
            return row
        before = dict(row.form)
        _fill_known(row, read_definition(row.thing_version.body), by)
        if row.form != before:
            save_case(row, "form", "form_sources")
            tell_case(
                row,
                by=by,
                now=now,
                verb="fill_from_papers",
                is_shown=False,
                fields=sorted(code for code in row.form if row.form[code] != before.get(code)),
            )
    return row


@transaction.atomic
def renew_key(*, by: Actor, now: datetime, case: Case, key: str) -> Case:
    """Give a new link to whoever knows a draft's number and telephone; the former one ends."""
    with on_behalf(by):
        row = (
            Case.objects.select_for_update(of=("self",))
            .select_related("party")
            .get(zone_id=by.zone_id, pk=case.pk)
        )
        must_be_in(row, frozenset({State.DRAFT}), _("Only a draft gets a new link."))
        if row.party_id is not None:
            raise Refused(_("Sign in for the enterprise; its applications stand there."))
        row.key_hash = keys.hash_of(key)
        save_case(row, "key_hash")
        tell_case(row, by=by, now=now, verb="renew_key", is_shown=False)
    return row


@transaction.atomic
def expire_drafts(*, by: Actor, now: datetime) -> int:
    """End drafts nobody touched for as long as the zone keeps them; how many ended."""
    if by.role not in {None, Role.ADMINISTRATOR} or not by.is_staff:
        raise Refused(_("Drafts end by themselves."))
    last = queries.draft_limit_day(zone_id=by.zone_id, now=now)
    rows = list(
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(zone_id=by.zone_id, state=State.DRAFT, saved_at__lt=last)
        .select_related("party")
        .order_by("id")[:1000]
    )
    for row in rows:
        row.state, row.closed_at = State.WITHDRAWN, now
        row.closed_why = _("Nobody went on with the draft; it was kept as long as we keep drafts.")
        save_case(row, "state", "closed_at", "closed_why")
        tell_case(row, by=by, now=now, verb="expire_draft")
    return len(rows)
