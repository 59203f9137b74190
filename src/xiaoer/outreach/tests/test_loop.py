"""The loop: filed, registered, dispatched, signed, answered, confirmed by the enterprise alone."""

from tests.town import NOW
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.tests.conftest import Town

State, Ball = Appeal.State, Appeal.Ball


def test_a_request_from_a_card_walks_to_the_enterprises_own_yes(town: Town) -> None:
    filed = town.file()
    assert filed.receipt_no == "SQ-2026-0001"
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball) == (State.RECEIVED, Ball.DESK)
    assert row.first_post_id == town.of("east-officer").post_id

    town.do("east-officer", "register_appeal", row, kind=town.kind, money_fen=120_000_000)
    town.do("east-desk", "dispatch_appeal", row, office=town.power, joint=[town.land])
    assert town.now_of(row).ball == Ball.HANDLER
    town.do("east-power", "sign_appeal", row)
    town.do("east-land", "finish_help", row, words="管沟可用。")
    town.do("east-power", "answer_appeal", row, result="solved", text="11 月 28 日送电。")
    assert town.now_of(row).state == State.ANSWERED
    assert town.now_of(row).ball == Ball.ENTERPRISE

    town.do(town.holder(filed.token), "confirm_solved", row, satisfaction=5, words="很满意")
    row = town.now_of(row)
    assert (row.state, row.ball) == (State.CONFIRMED, Ball.NOBODY)
    assert row.confirmed_through == Appeal.Through.LINK
    assert row.confirmed_at == NOW
