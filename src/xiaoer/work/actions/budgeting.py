"""What the verbs of contacts share: one lock an enterprise, and the quota asked under it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.web import words
from xiaoer.work import access
from xiaoer.work.actions.checking import last_hand, needed
from xiaoer.work.models import Contact
from xiaoer.work.queries import contacts as queries

State, Tag = Contact.State, Contact.Tag
# The calendar of an enterprise is looked over for so long ahead, and no contact is planned later.
FARTHEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether a contact lies beyond the quota or on a quiet day, and by whose reason it may."""

    is_above_quota: bool = False
    is_on_quiet_day: bool = False
    reason: str = ""
    allowed_by_id: int | None = None


def lock_calendar(by: Actor, party_id: int) -> Party:
    """The enterprise, locked for whoever plans with it: of two at once the second sees the first.

    A merged entry is refused, so that one firm has one calendar.
    """
    party = (
        Party.objects.select_for_update(no_key=True).filter(zone_id=by.zone_id, pk=party_id).first()
    )
    if party is None:
        raise Refused(_("There is no such enterprise here for you."), field="party")
    if party.merged_into_id is not None:
        raise Refused(
            _("%(name)s was merged into another entry; plan with that one.") % {"name": party.name},
            field="party",
        )
    return party


def locked_contact(by: Actor, contact: Contact, *states: str) -> Contact:
    """The contact as it is now, its enterprise's calendar locked; refused in any other state."""
    lock_calendar(by, contact.party_id)
    kept = (
        Contact.objects.select_for_update(of=("self",))
        .select_related("party", "office")
        .filter(zone_id=by.zone_id, pk=contact.pk)
        .first()
    )
    if kept is None:
        raise Refused(_("There is no such contact here for you."))
    if kept.state not in (states or (State.PLANNED,)):
        raise Refused(
            _("This contact is no longer planned: %(state)s, %(who)s. Look at the calendar again.")
            % {
                "state": kept.get_state_display(),
                "who": last_hand("contact", kept.pk, by) or words.MISSING,
            }
        )
    return kept


def leave_for(by: Actor, party: Party, day: date, reason: str, *, besides: int = 0) -> Leave:
    """Whether one more service contact on a day is within quota; beyond it only with a leader's
    reason. ``besides`` is a contact of the same month that does not count, because it moves."""
    budget = queries.contact_budget(by, party.pk, day)
    standing = queries.counted(by, party.pk, day).exclude(pk=besides)
    used = standing.count() if besides else budget.used
    above = budget.quota is not None and used >= budget.quota
    quiet = budget.is_quiet(day)
    if not (above or quiet):
        return Leave()
    if access.may_lift_quota(by) and reason.strip():
        return Leave(above, quiet, needed(reason, "reason", most=300), by.post_id)
    raise Refused(
        _why(by, party, day, budget, above),
        field="reason" if access.may_lift_quota(by) else "planned_on",
    )


def measured(by: Actor, party_id: int, day: date, *, besides: int = 0) -> tuple[bool, bool]:
    """Whether what was done on a day was above the quota, and on a quiet day."""
    budget = queries.contact_budget(by, party_id, day)
    used = queries.counted(by, party_id, day).exclude(pk=besides).count()
    return budget.quota is not None and used >= budget.quota, budget.is_quiet(day)


def _why(by: Actor, party: Party, day: date, budget: queries.Budget, above: bool) -> str:
    """The no in full: what stands already, the next free day, what it could be merged into."""
    said = [_over_quota(by, party, day, budget)] if above else []
    if budget.is_quiet(day):
        said.append(
            _("%(day)s is a quiet day: days %(first)d to %(last)d of each month are left to work.")
            % {"day": words.day(day), "first": budget.quiet_from, "last": budget.quiet_until}
        )
    free = queries.next_free_day(by=by, party=party, since=day)
    said.append(
        _("The next free day is %(day)s.") % {"day": words.day(free)}
        if free
        else _("No day is free in the next three months.")
    )
    into = queries.merge_candidates(by=by, party=party, day=day)
    if into:
        said.append(
            _("It could be merged into: %(contacts)s.")
            % {"contacts": "；".join(_line(row) for row in into)}
        )
    said.append(
        _("As a zone leader you may go beyond: write the reason, which is kept and counted.")
        if access.may_lift_quota(by)
        else _("Only a zone leader may go beyond, with a reason.")
    )
    return " ".join(said)


def _over_quota(by: Actor, party: Party, day: date, budget: queries.Budget) -> str:
    if budget.quota == 0:
        return _("The quota is 0: nobody calls on an enterprise without a zone leader's reason.")
    rows = queries.contacts_of_firm(by=by, party=party, month=day)
    standing = [
        _line(row) for row in rows if row.tag == Tag.SERVICE and row.state in queries.COUNTED
    ]
    return _("%(name)s has %(used)d of %(quota)d contacts that month already: %(contacts)s.") % {
        "name": party.name,
        "used": budget.used,
        "quota": budget.quota,
        "contacts": "；".join(standing),
    }


def _line(row: queries.ContactRow) -> str:
    return f"{words.day(row.planned_on)} {row.office} {row.purpose}"
