"""Printing more cards than anybody should wait for on a page: asked for, and made by a job."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import STAFF, Actor
from xiaoer.outreach.actions.cards import print_cards
from xiaoer.outreach.cards import MOST_CARDS, address_of, contact_cards_pdf
from xiaoer.outreach.models import CardPrint, ContactCard
from xiaoer.outreach.queries import card_list

JOB = "make_card_print"
MOST_TO_WAIT_FOR = 160
"""Twenty sheets: half a second. More is made by a job."""

State = CardPrint.State
Tell = Callable[[int, int], None]
_SAY = """
update card_print set done = %(done)s, told_at = %(now)s
where zone_id = %(zone)s and id = %(run)s and state = 'waiting'
"""


@transaction.atomic
def ask_for_print(*, by: Actor, now: datetime, cards: Sequence[ContactCard]) -> CardPrint:
    """Ask for the cards as one file; who may print them is asked again when it is made."""
    if by.post_id is None:
        raise Refused(_("Only staff of the zone can do this."))
    if not cards:
        raise Refused(_("No enterprise of this list has a card yet; make the cards first."))
    if len(cards) > MOST_CARDS:
        raise Refused(
            _("%(count)s cards are too many for one file (at most %(most)s). Print grid by grid.")
            % {"count": len(cards), "most": MOST_CARDS}
        )
    run = CardPrint.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        cards=[card.pk for card in cards],
        asked_at=now,
        told_at=now,
    )
    journal.record(by=by, now=now, verb="ask_for_print", subject=run, cards=len(cards))
    app.configure_task(JOB).defer(zone_id=by.zone_id, run_id=run.pk, post_id=by.post_id)
    return run


@transaction.atomic
def make_card_print(*, by: Actor, now: datetime, run_id: int, tell: Tell) -> None:
    """Make the file and say that its cards went to the printer; made twice it is made once."""
    run = CardPrint.objects.get(zone_id=by.zone_id, pk=run_id)
    if run.state != State.WAITING:
        return
    cards = card_list.cards_numbered(by=by, numbers=run.cards)
    facts = card_list.to_print(by=by, cards=cards, address_of=address_of)
    body = contact_cards_pdf(facts, progress=tell, made_at=now)
    file = files.keep_file(
        by=by, now=now, stream=BytesIO(body), name="cards.pdf", limit=max(len(body), files.LIMIT)
    )
    run = CardPrint.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=run_id)
    if run.state != State.WAITING:
        return
    print_cards(by=by, now=now, cards=cards)
    run.state, run.file, run.done, run.finished_at = State.DONE, file, len(cards), now
    run.save()


@transaction.atomic
def fail_card_print(*, by: Actor, now: datetime, run_id: int, reason: str) -> None:
    """Keep why a print was refused, for whoever asked for it."""
    run = CardPrint.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=run_id)
    run.state, run.message, run.finished_at = State.FAILED, reason[:500], now
    run.save()


@contextmanager
def telling(*, zone_id: int, run_id: int) -> Iterator[Tell]:
    """Tell how far a print is; the job's own transaction is seen by nobody until it ends."""
    link = connections["default"].copy()
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def tell(done: int, _total: int) -> None:
            with link.cursor() as cursor:
                cursor.execute(
                    _SAY, {"zone": zone_id, "run": run_id, "done": done, "now": timezone.now()}
                )

        yield tell
    finally:
        link.close()
