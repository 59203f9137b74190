"""A rule of the zone's own: one version in force, the next one in work with a case that fails."""

from datetime import date

from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.rules import actions as rules
from xiaoer.rules.actions.drafting import Head
from xiaoer.rules.language.spec import ClauseKind
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.shipping import ShippedClause

NAME, NAME_EN = "专精特新培育库", "Nursery of specialised firms"
DOCUMENT, NUMBER = "济宁经开区专精特新企业培育办法（演示）", "济经开发〔2026〕8号"
OLD, NEW = date(2026, 1, 1), date(2027, 1, 1)
ADVICE = "把研发项目立项、归集到研发费用辅助账"
ADVICE_EN = "Book research projects and their expenses in a ledger of their own"
PERSON = ClauseKind.PERSON


def clauses(revenue: int, share: str) -> tuple[ShippedClause, ...]:
    return (
        ShippedClause(
            f"上年营业收入 ≥ {revenue:,} 万元", f"Revenue of last year ≥ {revenue / 100:g} million yuan",
            f"revenue_cny_y1 >= {revenue}0000", any_of=1,
        ),
        ShippedClause(
            "两年新增股权融资 ≥ 2,000 万元", "New equity of two years ≥ 20 million yuan",
            "equity_new_2y_cny >= 20000000", any_of=1,
        ),
        ShippedClause(
            f"研发费用占营收 ≥ {share}%", f"Share of research in revenue ≥ {share}%",
            f"rd_expense_cny_y1 >= {int(share) / 100:g} * revenue_cny_y1",
            advice=ADVICE, advice_en=ADVICE_EN,
        ),
        ShippedClause(
            "从事细分市场 ≥ 3 年", "Years in its niche ≥ 3", "niche_years_eoy1 >= 3",
        ),
        ShippedClause(
            "市场地位较为靠前", "Holds a leading place in its market", "market_position_confirmed",
            PERSON,
        ),
        ShippedClause(
            "列入经营异常名录", "On the list of abnormal operation", "abnormal_list",
            ClauseKind.BLOCKER,
        ),
    )  # fmt: skip


CASES = (
    ("营收恰好 1,500 万", {"revenue_cny_y1": 15_000_000, "rd_expense_cny_y1": 600_000}, "needs_person"),
    ("研发占比 2.99%", {"revenue_cny_y1": 20_000_000, "rd_expense_cny_y1": 598_000}, "not_met"),
    ("收入缺，融资 2,400 万", {"equity_new_2y_cny": 24_000_000}, "needs_person"),
)  # fmt: skip
USUAL = {"niche_years_eoy1": 5, "abnormal_list": False}


def write_rules(ground: Ground, days: Days) -> None:
    """Economy wrote and statistics released the first version; the second is being written."""
    author, second = (ground.hands[name].actor for name in ("economy.1", "statistics.1"))
    with acting(author):
        rule = rules.open_rule(
            by=author, now=days.ago(300), code="zone_nursery", name=NAME, name_en=NAME_EN,
            kind="title", purpose="区级培育库，每年初按上年数据评定",
        )  # fmt: skip
        first = rules.draft_version(
            by=author, now=days.ago(300), rule_id=rule.pk, effective_from=OLD
        )
        first = _written(author, days, 300, first, clauses(1000, "3"), OLD)
        first = rules.ask_release(
            by=author, now=days.ago(299), version_id=first.pk, version=first.version
        )
    with acting(second):
        rules.release_version(
            by=second, now=days.ago(298), version_id=first.pk, version=first.version
        )
    with acting(author):
        draft = rules.draft_version(by=author, now=days.ago(2), rule_id=rule.pk, effective_from=NEW)
        draft = _written(author, days, 1, draft, clauses(1500, "4"), NEW)
        for name, facts, expected in CASES:
            rules.add_case(
                by=author, now=days.ago(1), version_id=draft.pk, name=name,
                as_of=date(2026, 11, 20), facts={**USUAL, **facts}, expected=expected,
            )  # fmt: skip


def _written(
    by: Actor,
    days: Days,
    ago: int,
    version: RuleVersion,
    written: tuple[ShippedClause, ...],
    since: date,
) -> RuleVersion:
    head = Head(effective_from=since, document=DOCUMENT, document_no=NUMBER, mark="A")
    return rules.edit_draft(
        by=by, now=days.ago(ago), version_id=version.pk, version=version.version, head=head,
        clauses=written,
    )  # fmt: skip
