"""The course of one request, from its filing to the enterprise's own word, as acts on a timeline.

Every act is a verb of outreach done by the person who would do it, at its simulated moment. Times
are working days after the filing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xiaoer.base.models import Office
from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground, Hand
from xiaoer.demo.subjects import Words
from xiaoer.demo.timeline import Timeline
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, AppealKind, ContactCard, Programme, ReturnVisit
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries

Channel, Result, Outcome = Appeal.Channel, Appeal.Result, ReturnVisit.Outcome
PROMISED = 14  # working days after the filing, one before the limit


@dataclass
class Stage:
    """What all requests of a zone share."""

    ground: Ground
    firms: Firms
    days: Days
    timeline: Timeline
    kinds: dict[str, AppealKind]
    programmes: dict[str, Programme]

    def office(self, key: str) -> Office:
        """A small zone has one park company where a large one has two."""
        return self.ground.offices[self.key(key)]

    def key(self, key: str) -> str:
        return key if key in self.ground.offices else "park_a"


@dataclass
class Story:
    """One request on its way. Each method puts one act on the timeline and returns the story."""

    stage: Stage
    party: Party
    words: Words
    filed_at: datetime
    channel: str = Channel.CARD
    programme: str = ""
    visitor: Hand | None = None
    speaker: Actor | None = None
    head_handles: bool = False
    led_by: Hand | None = None
    joins: bool = True
    appeal: Appeal | None = None

    # The acts -----------------------------------------------------------------------------------

    def file(self) -> "Story":
        act = self._file_at_visit if self.channel == Channel.VISIT else self._file
        self.stage.timeline.add(self.filed_at, act)
        return self

    def register(self, after: float = 0.12, *, hard: bool | None = None) -> "Story":
        """First contact and registration; the officer does it for a card, else the desk."""
        subject = self.words.subject
        by = self.officer if self.channel == Channel.CARD else self.desk(1)
        return self._do(
            after,
            by,
            outreach.register_appeal,
            kind=self.stage.kinds[subject.kind],
            urgency=subject.urgency,
            is_hard=subject.hard if hard is None else hard,
            money_fen=self.words.money_fen,
            note=self.words.fill(subject.contact),
        )

    def dispatch(self, after: float = 0.3) -> "Story":
        subject = self.words.subject
        return self._do(
            after,
            self.desk(0),
            outreach.dispatch_appeal,
            office=self.led_by.office if self.led_by else self.stage.office(subject.office),
            handler=self.led_by.post if self.led_by else None,
            joint=[self.stage.office(key) for key in subject.joint] if self.joins else [],
        )

    def sign(self, after: float = 0.45) -> "Story":
        return self._do(after, self.handler, outreach.sign_appeal)

    def plan(self, after: float = 1.6, *, promised: float = PROMISED) -> "Story":
        """The first reply: what is arranged, and until when."""
        return self._do(
            after,
            self.handler,
            outreach.answer_appeal,
            result=Result.PLANNED,
            text=self.words.fill(self.words.subject.plan),
            promised_on=self.day_after(promised),
        )

    def note(self, after: float, words: str = "", by: Hand | None = None) -> "Story":
        text = words or self.words.fill(self.words.subject.note)
        if not text:
            return self
        return self._do(
            after, by or self.handler, outreach.note_progress, words=text, is_public=False
        )

    def helped(self, after: float, words: str) -> "Story":
        """The first joint office says what it did."""
        joint = self.words.subject.joint
        if not joint:
            return self
        helper = self.stage.ground.hands[f"{self.stage.key(joint[0])}.1"]
        return self._do(after, helper, outreach.finish_help, words=words)

    def answer(self, after: float, result: str = Result.SOLVED, text: str = "") -> "Story":
        return self._do(
            after,
            self.handler,
            outreach.answer_appeal,
            result=result,
            text=text or self.words.fill(self.words.subject.answer),
            promised_on=self.day_after(after + 10) if result == Result.PARTLY else None,
        )

    def park(self, after: float, promised_on: date, reason: str) -> "Story":
        return self._do(
            after, self.handler, outreach.park_appeal, promised_on=promised_on, reason=reason
        )

    def ask_later(self, after: float, new_due_on: date, reason: str) -> "Story":
        return self._do(
            after, self.handler, outreach.ask_date_change, new_due_on=new_due_on, reason=reason
        )

    def grant_later(self, after: float) -> "Story":
        """The head of the desk grants the later date."""
        return self._do(after, self.desk(0), outreach.decide_date_change, is_granted=True)

    def supervise(self, after: float, words: str) -> "Story":
        leader = self.stage.ground.hands["board.1"]
        return self._do(after, leader, outreach.supervise_appeal, words=words)

    def confirm(self, after: float, satisfaction: int, words: str = "") -> "Story":
        """The enterprise itself says so: by its own page, else by the link of the receipt."""
        return self._by_enterprise(
            after,
            outreach.confirm_solved,
            satisfaction=satisfaction,
            words=words or self.words.subject.words,
        )

    def visited_back(
        self,
        after: float,
        satisfaction: int | None,
        words: str = "",
        outcome: str = Outcome.CONFIRMED,
    ) -> "Story":
        """Its officer asks the enterprise; whoever handled the request never does."""
        reached = outcome != Outcome.UNREACHABLE
        return self._do(
            after,
            self.officer,
            outreach.record_return_visit,
            outcome=outcome,
            spoke_with=self.contact if reached else "",
            words=(words or self.words.subject.words) if reached else "三次拨打无人接听。",
            satisfaction=satisfaction,
        )

    def reopen(self, after: float, words: str) -> "Story":
        return self._by_enterprise(after, outreach.reopen_appeal, words=words)

    def withdraw(self, after: float, words: str) -> "Story":
        return self._by_enterprise(after, outreach.withdraw_appeal, words=words)

    def refuse(self, after: float, reason: str, words: str) -> "Story":
        return self._do(after, self.desk(0), outreach.not_accept, reason=reason, words=words)

    def elsewhere(self, after: float, to: str, words: str) -> "Story":
        return self._do(after, self.desk(0), outreach.transfer_elsewhere, to=to, words=words)

    def give_back(self, after: float, reason: str) -> "Story":
        return self._do(after, self.handler, outreach.return_appeal, reason=reason)

    def merge(self, after: float, into: "Story") -> "Story":
        """The enterprise asked twice; the desk goes on with the first."""
        self.stage.timeline.add(
            self._moment(after),
            lambda now: self._call(
                self.desk(0).actor, now, outreach.merge_appeal, into=into._filed()
            ),
        )
        return self

    def instruct(self, after: float, text: str) -> "Story":
        """A leader writes on the matter and names the leading office (批示)."""
        leader = self.stage.ground.hands["board.1"].actor
        office = self.stage.office(self.words.subject.office)

        def write(now: datetime) -> None:
            with acting(leader):
                matter = work_queries.matter_of(leader, kind="appeal", subject_id=self._filed().pk)
                if matter is None:
                    raise RuntimeError("a request that is filed has a matter")
                work.instruct(by=leader, now=now, matter=matter, text=text, office=office)

        self.stage.timeline.add(self._moment(after), write)
        return self

    def asked_again(self, confirmed_after: float, *, answers: bool) -> "Story":
        """Thirty days after the confirmation the zone asks once more, if that day has come."""
        days = self.stage.days
        confirmed = days.after(self.filed_at, confirmed_after)
        month = days.calendar.next_working_day(date.fromordinal(confirmed.date().toordinal() + 30))
        at = days.on(month, 0.1)
        if at >= days.anchor:
            return self
        self.stage.timeline.add(
            at, lambda now: self._call(self.stage.ground.by, now, outreach.ask_again)
        )
        later = days.after(at, 0.7)
        if answers and later < days.anchor:
            self.stage.timeline.add(
                later, lambda now: self._call(self.speaking(), now, outreach.confirm_again)
            )
        return self

    # Who does them ------------------------------------------------------------------------------

    @property
    def officer(self) -> Hand:
        return self.stage.firms.officer_of[self.party.pk]

    def desk(self, number: int) -> Hand:
        return self.stage.ground.office_hands("desk")[number]

    @property
    def handler(self) -> Hand:
        """Somebody of the leading office; its head where the demo lets people be the head."""
        if self.led_by is not None:
            return self.led_by
        key = self.stage.key(self.words.subject.office)
        hands = self.stage.ground.office_hands(key)
        shown = f"{key}.1" in self.stage.ground.plan.shown_posts
        return hands[0] if shown or self.head_handles else hands[1]

    @property
    def contact(self) -> str:
        return self.party.contact_name or "企业负责人"

    def speaking(self) -> Actor:
        """The enterprise's own voice."""
        appeal = self._filed()
        return self.speaker or Actor(
            zone_id=appeal.zone_id, key=appeal.track_hash, name=self.party.name
        )

    def day_after(self, working_days: float) -> date:
        return self.stage.days.after(self.filed_at, working_days).date()

    # How ----------------------------------------------------------------------------------------

    def _do(self, after: float, by: Hand, verb: Callable[..., Any], **what: Any) -> "Story":
        self.stage.timeline.add(
            self._moment(after), lambda now: self._call(by.actor, now, verb, **what)
        )
        return self

    def _by_enterprise(self, after: float, verb: Callable[..., Any], **what: Any) -> "Story":
        self.stage.timeline.add(
            self._moment(after), lambda now: self._call(self.speaking(), now, verb, **what)
        )
        return self

    def _moment(self, after: float) -> datetime:
        """So long after the filing, but not after today; ties keep the order of telling."""
        days = self.stage.days
        return min(days.after(self.filed_at, after), days.anchor)

    def _call(self, by: Actor, now: datetime, verb: Callable[..., Any], **what: Any) -> None:
        appeal = self._filed()
        with acting(by):
            done = verb(by=by, now=now, appeal=appeal, version=appeal.version, **what)
            if not isinstance(done, Appeal):
                done = Appeal.objects.get(pk=appeal.pk)
        self.appeal = done

    def _filed(self) -> Appeal:
        if self.appeal is None:
            raise RuntimeError(f"{self.words.title} is not filed yet")
        return self.appeal

    def _file(self, now: datetime) -> None:
        by = self._filer()
        with acting(by):
            filed = outreach.file_appeal(
                by=by,
                now=now,
                party=self.party,
                channel=self.channel,
                title=self.words.title,
                body=self.words.body,
                contact_name=self.contact,
                contact_phone=self.party.contact_phone,
                urgency=self.words.subject.urgency,
                money_fen=self.words.money_fen,
                programme=self.stage.programmes[self.programme]
                if self.programme and by.is_staff
                else None,
            )
        self.appeal = filed.appeal

    def _filer(self) -> Actor:
        if self.channel == Channel.ENTERPRISE and self.speaker is not None:
            return self.speaker
        if self.channel != Channel.CARD:
            return self.desk(1).actor
        with acting(self.stage.ground.by):
            card = ContactCard.objects.get(party=self.party, withdrawn_at__isnull=True)
        return Actor(
            zone_id=self.party.zone_id,
            key=card.code_hash,
            party_ref=self.party.pk,
            name=self.party.name,
        )

    def _file_at_visit(self, now: datetime) -> None:
        """The visitor writes the visit down and files what was asked for on the spot."""
        by = (self.visitor or self.officer).actor
        with acting(by):
            logged = outreach.log_visit(
                by=by,
                now=now,
                party=self.party,
                programme=self.stage.programmes[self.programme or "routine"],
                visited_on=self.stage.days.local_day(now),
                met=self.contact,
                said=self.words.body,
                requests=[
                    outreach.Raised(
                        title=self.words.title,
                        body=self.words.body,
                        urgency=self.words.subject.urgency,
                        money_fen=self.words.money_fen,
                        contact_phone=self.party.contact_phone,
                    )
                ],
            )
        self.appeal = logged.filed[0].appeal
