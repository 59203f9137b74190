"""Papers held once and used again: consent, expiry, replacement, taking back."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.papers import actions as papers
from xiaoer.papers import queries
from xiaoer.papers.models import HeldPaper, PaperConsent
from xiaoer.papers.tests.held import TODAY, Town


@pytest.fixture(autouse=True)
def in_english() -> None:
    translation.activate("en")


def standing(town: Town, on: date = TODAY) -> dict[str, HeldPaper]:
    return queries.standing_papers(
        zone_id=town.party.zone_id, party_id=town.party.pk, codes=["lease"], on=on
    )


def test_a_paper_held_stands_until_its_last_day(town: Town) -> None:
    with acting(town.boss):
        paper = town.hold(issued_on=date(2026, 1, 1), valid_until=date(2026, 12, 31))
        assert standing(town) == {"lease": paper}
        assert standing(town, date(2026, 12, 31)) == {"lease": paper}
        assert standing(town, date(2027, 1, 1)) == {}


def test_a_kind_says_how_long_its_papers_hold(town: Town) -> None:
    with acting(town.boss):
        kind = town.paper_kind(valid_months=12)
        assert town.hold(kind=kind, issued_on=date(2026, 2, 28)).valid_until == date(2027, 2, 27)


def test_a_newer_paper_replaces_the_older_and_the_same_file_is_one_paper(town: Town) -> None:
    with acting(town.boss):
        old = town.hold("旧", issued_on=date(2025, 1, 1))
        new = town.hold("新", issued_on=date(2026, 1, 1))
        assert town.hold("新", issued_on=date(2026, 1, 1)) == new
        assert standing(town) == {"lease": new}
        old.refresh_from_db()
        assert old.replaced_by == new
        # Brought later, but older by its own date.
        late = town.hold("更旧", issued_on=date(2024, 1, 1))
        late.refresh_from_db()
        assert late.replaced_by == new
        assert standing(town) == {"lease": new}
        with pytest.raises(Refused, match="replaced by a newer one"):
            town.hold("旧")


def test_papers_with_numbers_of_their_own_stand_side_by_side(town: Town) -> None:
    with acting(town.boss):
        town.hold("甲", number="1")
        town.hold("乙", number="2")
        found = queries.held_papers(zone_id=town.party.zone_id, party_id=town.party.pk, on=TODAY)
        assert {paper.number for paper in found} == {"1", "2"}


def test_a_use_is_a_consent_said_once(town: Town) -> None:
    with acting(town.firm):
        paper = town.hold(by=town.firm)
        first, again = (
            papers.use_paper(
                by=town.firm, now=NOW, paper=paper, subject=town.party, words="用于申请卫生许可"
            )
            for _ in range(2)
        )
        assert first == again
        assert PaperConsent.objects.get().who.startswith("赵一")


def test_a_use_is_taken_back_by_its_party_and_may_be_agreed_to_again(town: Town) -> None:
    def agreed() -> PaperConsent:
        return papers.use_paper(
            by=town.firm, now=NOW, paper=paper, subject=town.party, words="用于申请卫生许可"
        )

    with acting(town.firm):
        paper = town.hold(by=town.firm)
        consent = agreed()
    other = town.speaker(town.other)
    with acting(other), pytest.raises(Refused):
        papers.withdraw_consent(by=other, now=NOW, consent=consent)
    with acting(town.firm):
        papers.withdraw_consent(by=town.firm, now=NOW, consent=consent)
        with pytest.raises(Refused):
            papers.withdraw_consent(by=town.firm, now=NOW, consent=consent)
        again = agreed()
        assert again != consent
        assert PaperConsent.objects.filter(withdrawn_at__isnull=True).get() == again


def test_what_was_taken_back_replaced_or_has_run_out_is_not_used(town: Town) -> None:
    with acting(town.boss):
        old = town.hold("旧", issued_on=date(2025, 1, 1))
        new = town.hold("新", issued_on=date(2026, 1, 1), valid_until=TODAY)
        for paper, now, why in (
            (old, NOW, "replaced by a newer"),
            (new, NOW + timedelta(days=1), "held until"),
        ):
            with pytest.raises(Refused, match=why):
                papers.use_paper(by=town.boss, now=now, paper=paper, subject=town.party, words="用")
        papers.withdraw_paper(by=town.boss, now=NOW, paper=new, reason="合同已解除")
        with pytest.raises(Refused, match="taken back"):
            papers.use_paper(by=town.boss, now=NOW, paper=new, subject=town.party, words="用")
        assert standing(town) == {}
        with pytest.raises(Refused, match="taken back already"):
            papers.withdraw_paper(by=town.boss, now=NOW, paper=new, reason="再次")


def test_a_paper_that_is_given_anew_each_time_is_never_used_again(town: Town) -> None:
    with acting(town.boss):
        kind = town.paper_kind(is_reusable=False)
        paper = town.hold(kind=kind)
        assert standing(town) == {}
        with pytest.raises(Refused, match="anew each time"):
            papers.use_paper(by=town.boss, now=NOW, paper=paper, subject=town.party, words="用")


def test_another_enterprise_and_another_zone_see_and_touch_nothing(town: Town) -> None:
    west = town.of("west-admin")
    with acting(town.boss):
        paper = town.hold()
    for stranger in (town.speaker(town.other), west):
        with acting(stranger):
            assert not HeldPaper.objects.exists()
            with pytest.raises(Refused):
                papers.withdraw_paper(by=stranger, now=NOW, paper=paper, reason="恶意")
            with pytest.raises(Refused):
                papers.use_paper(
                    by=stranger, now=NOW, paper=paper, subject=town.party, words="盗用"
                )
    with acting(town.firm):
        assert HeldPaper.objects.get() == paper
        assert papers.withdraw_paper(by=town.firm, now=NOW, paper=paper, reason="不再同意使用")
