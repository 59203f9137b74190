"""Verbs of a move-in before it is reviewed: opened, changed, its papers given once; and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions import seeking
from xiaoer.assets.actions.move_in_papers import order_papers
from xiaoer.assets.actions.moving_rows import (
    MOVE_IN,
    TAKE_ON,
    State,
    close_matter,
    in_state,
    matter_of,
    must_see_through,
    save,
    seen,
    tell,
)
from xiaoer.assets.actions.moving_space import let_units_go, name_holder
from xiaoer.assets.actions.whose import whose
from xiaoer.assets.models import MoveIn, MoveInPaper, MoveInUnit, SpaceNeed, Unit
from xiaoer.base import files, journal
from xiaoer.base.checking import must_be_possible, must_say, said, today
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.papers import actions as papers
from xiaoer.papers.models import HeldPaper
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.queries import limit

Way = MoveIn.Way
MOST_UNITS = 30
MOST_FEN = 10**15
MOST_PAPERS = 40
# Whose office takes on what a firm applied for itself, the first that the zone has.
TAKERS = (Role.INVESTMENT, Role.SERVICE_DESK, Role.ECONOMY, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class MoveInFacts:
    """What is typed of a move-in. ``who``: of a firm the registry lacks. Money in fen."""

    name: str
    party: Party | None = None
    who: str = ""
    need: SpaceNeed | None = None
    way: str = Way.NEW
    content: str = ""
    from_on: date | None = None
    investment_fen: int | None = None
    post: Post | None = None


@transaction.atomic
def open_move_in(
    *, by: Actor, now: datetime, facts: MoveInFacts, units: Sequence[Unit] = ()
) -> MoveIn:
    """Begin a move-in: staff for a firm, or the firm itself. Units may be chosen later."""
    is_own = facts.party is not None and access.speaks_for(by, facts.party.pk)
    if not is_own:
        access.must_keep_move_ins(by)
    with on_behalf(by):
        columns = _columns(by, facts)
        if by.is_staff:
            columns["post_id"] = columns["post_id"] or by.post_id
        row = MoveIn.objects.create(
            zone_id=by.zone_id, opened_at=now, number=_next_number(by, now), **columns
        )
        row.matter = work.open_matter(
            by=by,
            now=now,
            kind=MOVE_IN,
            subject_id=row.pk,
            title=f"{row.who}：{row.name}",
            address=f"/move-ins/{row.pk}/",
            party=row.party,
        )
        row.save(update_fields=["matter"])
        _put_units(by, row, units)
        if row.need is not None:
            seeking.begun(row.need, by=by, now=now, outcome=row.number)
        if row.post is None:
            _ask_for_somebody(by, now, row)
        tell(by, now, "open_move_in", row, name=row.name, count=len(units))
    return row


def _ask_for_somebody(by: Actor, now: datetime, row: MoveIn) -> None:
    """A firm applied by itself: an office that sees move-ins through takes it on."""
    asked = whose(zone_id=by.zone_id, on=today(now), roles=TAKERS)
    if asked is not None:
        work.give_task(
            by=by, now=now, matter=matter_of(row), kind=TAKE_ON, title=asked.title(row.name),
            post=asked.post, office=asked.office, limit=limit(by.zone_id, "move_in.take_on"),
        )  # fmt: skip


def _next_number(by: Actor, now: datetime) -> str:
    """The next of the year, given one by one."""
    start = f"RZ{today(now).year}-"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('move_in'), %s)", [by.zone_id])
    last = (
        MoveIn.objects.filter(zone_id=by.zone_id, number__startswith=start)
        .order_by("-id")
        .values_list("number", flat=True)
        .first()
    )
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:04d}"


def _columns(by: Actor, facts: MoveInFacts) -> dict[str, object]:
    for one in (facts.party, facts.need, facts.post):
        if one is not None and one.zone_id != by.zone_id:
            raise Refused(_("There is no such record here; it may be of another zone."))
    if facts.party is None and not facts.who.strip():
        raise Refused(_("Name the firm that moves in."), field="party")
    if facts.way not in Way.values:
        raise Refused(
            _("Choose whether it moves into vacant space or by cage-change."), field="way"
        )
    if facts.investment_fen is not None and not 0 < facts.investment_fen <= MOST_FEN:
        raise Refused(_("Type an amount above zero."), field="investment")
    who = facts.party.name[:80] if facts.party else said(facts.who, "who", most=80)
    return {
        "name": must_say(
            facts.name, "name", most=80, why=_("Give the project that moves in a name.")
        ),
        "party_id": facts.party.pk if facts.party else None,
        "who": who,
        "need_id": facts.need.pk if facts.need else None,
        "way": facts.way,
        "content": said(facts.content, "content", most=1000),
        "from_on": must_be_possible(facts.from_on, "from_on") if facts.from_on else None,
        "investment_fen": facts.investment_fen,
        "post_id": facts.post.pk if facts.post else None,
    }


def _put_units(by: Actor, row: MoveIn, units: Sequence[Unit]) -> None:
    chosen = {unit.pk: unit for unit in units}
    if len(chosen) > MOST_UNITS:
        raise Refused(
            _("At most %(most)d units are asked for at once.") % {"most": MOST_UNITS},
            field="units",
        )
    known = Unit.objects.filter(zone_id=by.zone_id, pk__in=chosen).count()
    if known != len(chosen):
        raise Refused(_("There is no such record here; it may be of another zone."), field="units")
    gone = [unit.code for unit in chosen.values() if unit.until is not None]
    if gone:
        raise Refused(
            _("%(units)s was merged or split; choose what became of it.")
            % {"units": "、".join(gone)},
            field="units",
        )
    MoveInUnit.objects.filter(move_in=row).exclude(unit__in=chosen).delete()
    there = set(MoveInUnit.objects.filter(move_in=row).values_list("unit_id", flat=True))
    MoveInUnit.objects.bulk_create(
        MoveInUnit(zone_id=by.zone_id, move_in=row, unit_id=number)
        for number in chosen
        if number not in there
    )


@transaction.atomic
def change_move_in(
    *,
    by: Actor,
    now: datetime,
    move_in: MoveIn,
    facts: MoveInFacts,
    units: Sequence[Unit] | None = None,
    version: int,
) -> MoveIn:
    """Change what was typed while it is a draft; ``units`` not said stay. Reviewed, it stays as it is."""
    access.must_keep_move_ins(by)
    row = in_state(by, move_in, State.DRAFT, version=version)
    columns = _columns(by, facts)
    changed = journal.changes(row, {**columns, "post_id": columns["post_id"] or row.post_id})
    save(row)
    if units is not None:
        _put_units(by, row, units)
    tell(by, now, "change_move_in", row, **changed)
    return row


@transaction.atomic
def name_party(
    *, by: Actor, now: datetime, move_in: MoveIn, party: Party, version: int | None = None
) -> MoveIn:
    """Say which firm of the registry moves in, once it is registered here; at any time before it is."""
    access.must_keep_move_ins(by)
    row = in_state(
        by, move_in, State.DRAFT, State.REVIEW, State.APPROVED, State.CONDITIONAL, version=version
    )
    if party.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."), field="party")
    before = row.who
    row.party, row.who = party, party.name[:80]
    save(row)
    name_holder(row, before)
    if row.decided_at is not None:
        order_papers(row)
    tell(by, now, "name_party", row, party=party.name)
    return row


@transaction.atomic
def add_move_in_paper(
    *,
    by: Actor,
    now: datetime,
    move_in: MoveIn,
    name: str,
    paper: HeldPaper | None = None,
    upload: files.Upload | None = None,
    file_name: str = "",
) -> MoveInPaper:
    """Give a paper, once for all who review: one held already, with the firm's consent, or a new one."""
    row = seen(by, move_in)
    must_see_through(by, row)
    if (paper is None) == (upload is None):
        raise Refused(_("Choose a paper that is held here, or bring one."), field="paper")
    if paper is not None:
        kept = _held(by, now, row, paper)
    elif upload is not None:
        kept = files.keep_file(by=by, now=now, stream=upload, name=file_name).pk
    with on_behalf(by):
        row = in_state(by, row, State.DRAFT, State.REVIEW)
        others = MoveInPaper.objects.filter(move_in=row, removed_at__isnull=True)
        known = others.filter(file_id=kept).first()
        if known is not None:
            return known
        if others.count() >= MOST_PAPERS:
            raise Refused(
                _("At most %(limit)s papers hang on one record; take one off first.")
                % {"limit": MOST_PAPERS},
                field="paper",
            )
        made = MoveInPaper.objects.create(
            zone_id=by.zone_id, move_in=row, paper=paper, file_id=kept, given_at=now,
            name=must_say(name, "name", most=120, why=_("Give the paper a name.")),
        )  # fmt: skip
        tell(by, now, "add_move_in_paper", row, name=made.name)
    return made


def _held(by: Actor, now: datetime, row: MoveIn, paper: HeldPaper) -> int:
    if paper.party_id != row.party_id:
        raise Refused(_("This paper is another firm's."), field="paper")
    words = _("Joint review of %(name)s") % {"name": row.name}
    papers.use_paper(by=by, now=now, paper=paper, subject=row, words=words)
    return paper.file_id


@transaction.atomic
def remove_move_in_paper(*, by: Actor, now: datetime, paper: MoveInPaper) -> MoveInPaper:
    """Take a paper off that was given by mistake; after the decision it stays."""
    known = MoveInPaper.objects.filter(zone_id=by.zone_id, pk=paper.pk).first()
    if known is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    row = seen(by, known.move_in)
    must_see_through(by, row)
    with on_behalf(by):
        row = in_state(by, row, State.DRAFT, State.REVIEW)
        if known.removed_at is None:
            known.removed_at = now
            known.save(update_fields=["removed_at"])
            tell(by, now, "remove_move_in_paper", row, name=known.name)
    return known


@transaction.atomic
def withdraw_move_in(
    *, by: Actor, now: datetime, move_in: MoveIn, reason: str, version: int | None = None
) -> MoveIn:
    """The firm comes no more: by its own word, or written down by the staff. What was asked falls away."""
    must_see_through(by, seen(by, move_in))
    with on_behalf(by):
        row = in_state(
            by, move_in, State.DRAFT, State.REVIEW, State.APPROVED, State.CONDITIONAL,
            version=version,
        )  # fmt: skip
        row.state = State.WITHDRAWN
        row.words = must_say(reason, "reason", most=300)
        save(row)
        let_units_go(by, now, row, row.words)
        if row.need is not None:
            seeking.come_to_nothing(row.need, by=by, now=now)
        tell(by, now, "withdraw_move_in", row, reason=row.words)
        close_matter(by, now, row)
    return row
