"""Names, places and subjects are invented the same way every time, without a database."""

from itertools import islice

import pytest

from xiaoer.demo import names
from xiaoer.demo.furnish import KINDS
from xiaoer.demo.named import NAMED
from xiaoer.demo.past import CAMPAIGN_KEYS
from xiaoer.demo.places import lattice
from xiaoer.demo.present import OPEN
from xiaoer.demo.subjects import subjects
from xiaoer.demo.visits import SAID
from xiaoer.demo.zones import JHTZ, ZONES
from xiaoer.outreach.actions.seeds import FINDING_WORDS


def warnings_about(text: str) -> list[str]:
    """Words of inspections a new zone warns of."""
    return [word for word in FINDING_WORDS if word in text]


def test_the_same_seed_invents_the_same_people_and_firms() -> None:
    assert list(islice(names.people("a"), 50)) == list(islice(names.people("a"), 50))
    firms = list(islice(names.firms("a", names.INDUSTRIAL), 200))
    assert firms == list(islice(names.firms("a", names.INDUSTRIAL), 200))
    assert firms != list(islice(names.firms("b", names.INDUSTRIAL), 200))


def test_no_invented_firm_is_named_twice() -> None:
    found = [name for name, _trade in islice(names.firms("jhtz", names.INDUSTRIAL), 2500)]
    assert len(set(found)) == len(found)


def test_neighbouring_cells_share_their_corners() -> None:
    pieces = lattice("a", rows=2, columns=2, origin=(116.0, 35.0))
    rings = [{tuple(p) for p in piece.outline["coordinates"][0]} for piece in pieces]  # type: ignore[index]  # of any shape here
    assert len(rings[0] & rings[1]) == 2
    assert len(rings[0] & rings[3]) == 1


@pytest.mark.parametrize("key", subjects())
def test_every_subject_has_a_known_kind_an_office_and_fillable_words(key: str) -> None:
    subject = subjects()[key]
    offices = {office.key for office in JHTZ.offices}
    assert subject.kind in {kind[0] for kind in KINDS}
    assert {subject.office, *subject.joint} <= offices
    for text in (subject.title, subject.body, subject.contact, subject.plan, subject.answer):
        assert text.format(n=1, m=10, w=5)
        assert not warnings_about(text) or key == "inspection"


def test_subjects_named_in_the_telling_are_in_the_file() -> None:
    named = {key for asked in OPEN.values() for _ago, key in asked if key} | set(CAMPAIGN_KEYS)
    assert named <= set(subjects())


def test_visits_inspect_nobody() -> None:
    assert not [said for said in SAID if warnings_about(said)]


def test_every_zone_has_firms_the_articles_name() -> None:
    assert {zone.code for zone in ZONES} == set(NAMED)
