"""What staff do with a request: each verb's form read, and the verb called once."""

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, QueryDict

from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.pages import reading
from xiaoer.work import actions as work

Done = Callable[[QueryDict, Actor, datetime, Appeal], object]
LONG, SHORT = 4000, 300


def _register(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.register_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        kind=reading.must_be_kind(post, by=by),
        urgency=post.get("urgency", ""),
        is_hard=bool(post.get("is_hard")),
        money_fen=reading.money(post),
        contact_name=reading.said(post, "contact_name", 60) or None,
        contact_phone=reading.said(post, "contact_phone", 40) or None,
        note=reading.said(post, "words", LONG),
    )


def _not_accept(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.not_accept(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        reason=post.get("reason", ""),
        words=reading.said(post, "words", LONG),
    )


def _merge(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    into = queries.appeal(by=by, appeal_id=reading.number(post.get("into")) or 0)
    return outreach.merge_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        # Merged into itself is what the verb calls "none chosen".
        into=into or appeal,
        words=reading.said(post, "words", LONG),
    )


def _transfer(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.transfer_elsewhere(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        to=reading.said(post, "to", 120),
        external_ref=reading.said(post, "external_ref", 60),
        words=reading.said(post, "words", LONG),
    )


def _dispatch(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.dispatch_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        office=reading.must_be_office(post, by=by),
        handler=reading.post_of(post, by=by, name="handler"),
        joint=reading.offices(post, by=by, name="joint"),
        words=reading.said(post, "words", LONG),
    )


def _reassign(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.reassign(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        office=reading.must_be_office(post, by=by),
        handler=reading.post_of(post, by=by, name="handler"),
        reason=reading.said(post, "reason", LONG),
    )


def _sign(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.sign_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", LONG),
    )


def _return(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.return_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        reason=reading.said(post, "reason", LONG),
    )


def _ask_help(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.ask_help(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        offices=reading.offices(post, by=by),
        words=reading.said(post, "words", LONG),
    )


def _finish_help(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.finish_help(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", 500),
    )


def _note(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.note_progress(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", LONG),
        is_public=bool(post.get("is_public")),
    )


def _park(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.park_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        promised_on=reading.must_be_day(post, "promised_on"),
        reason=reading.said(post, "reason", LONG),
    )


def _take_up(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.take_up_again(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", LONG),
    )


def _answer(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.answer_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        result=post.get("result", ""),
        text=reading.said(post, "text", LONG),
        promised_on=reading.day(post, "promised_on"),
    )


def _ask_date(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.ask_date_change(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        new_due_on=reading.must_be_day(post, "new_due_on"),
        reason=reading.said(post, "reason", SHORT),
    )


def _decide_date(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.decide_date_change(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        is_granted=post.get("decision") == "grant",
        words=reading.said(post, "words", SHORT),
    )


def _supervise(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.supervise_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", SHORT),
    )


def _instruct(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    """批示: the thread of the request carries it, so the named office finds it in its inbox."""
    assert appeal.matter is not None  # noqa: S101  # opened by the filing, never taken away
    return work.instruct(
        by=by,
        now=now,
        matter=appeal.matter,
        text=reading.said(post, "text", 1000),
        office=reading.office(post, by=by),
    )


def _verify(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.verify_phone(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", LONG),
    )


def _visit_back(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.record_return_visit(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        outcome=post.get("outcome", ""),
        spoke_with=reading.said(post, "spoke_with", 60),
        words=reading.said(post, "words", 500),
        satisfaction=reading.number(post.get("satisfaction")),
    )


def _take_back(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.take_back_appeal(by=by, now=now, appeal=appeal, version=reading.version(post))


def _ask_again(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.ask_again(by=by, now=now, appeal=appeal, version=reading.version(post))


DONE: dict[str, Done] = {
    "register_appeal": _register,
    "not_accept": _not_accept,
    "merge_appeal": _merge,
    "transfer_elsewhere": _transfer,
    "dispatch_appeal": _dispatch,
    "reassign": _reassign,
    "sign_appeal": _sign,
    "return_appeal": _return,
    "ask_help": _ask_help,
    "finish_help": _finish_help,
    "note_progress": _note,
    "park_appeal": _park,
    "take_up_again": _take_up,
    "answer_appeal": _answer,
    "ask_date_change": _ask_date,
    "decide_date_change": _decide_date,
    "supervise_appeal": _supervise,
    "instruct": _instruct,
    "verify_phone": _verify,
    "record_return_visit": _visit_back,
    "ask_again": _ask_again,
    "take_back_appeal": _take_back,
}


def do(verb: str, post: QueryDict, *, by: Actor, now: datetime, appeal: Appeal) -> None:
    """Do the verb of an address; one nobody knows is an address nobody has."""
    done = DONE.get(verb)
    if done is None:
        raise Http404
    done(post, by, now, appeal)
