"""Papers of a case are opened by those who handle it: held for a firm, or a stranger's alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.town import actor
from xiaoer.base.scope import acting
from xiaoer.permits.models import Case, CaseMaterial
from xiaoer.permits.tests.applying_town import SECRET, Counter, built, pdf

SignIn = Callable[[str], Client]


@pytest.fixture
def counter(db: None) -> Counter:
    return built()


def submitted(counter: Counter, by_stranger: bool = False) -> Case:
    """Of a stranger who names a known firm: the file stays with the case alone."""
    if by_stranger:
        case, by = (
            counter.begun_by_stranger(applicant_name=counter.party.name),
            counter.stranger(),
        )
    else:
        by = counter.spokesman()
        case = counter.opened(by)
    counter.filled(by, case)
    counter.do(by, "submit_case", case)
    return case


def lease(case: Case) -> CaseMaterial:
    with acting(actor("east-desk")):
        return CaseMaterial.objects.select_related("paper").get(case=case, paper_code="test-lease")


@pytest.mark.parametrize("by_stranger", [False, True])
def test_a_paper_given_is_opened_by_whoever_handles_the_case(
    counter: Counter, sign_in: SignIn, by_stranger: bool
) -> None:
    case = submitted(counter, by_stranger)
    paper = lease(case)
    assert (paper.paper is None) == by_stranger
    address = f"/cases/papers/{paper.pk}/"
    for who in ("desk", "power", "land", "leader"):
        client = sign_in(f"east-{who}")
        assert address in client.get(f"/cases/{case.pk}/").content.decode()
        shown = client.get(address)
        assert shown.status_code == 200 and f"{address}pages/1.png" in shown.content.decode()
        file = client.get(f"{address}file/")
        assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a stream
        assert file["Content-Disposition"].startswith("inline")
        assert file["X-Content-Type-Options"] == "nosniff"
        assert "script-src" not in file["Content-Security-Policy"]
        assert client.get(f"{address}pages/1.png")["Content-Type"] == "image/png"
        assert client.get(f"{address}pages/2.png").status_code == 404


def test_nobody_else_opens_the_papers_of_a_case(counter: Counter, sign_in: SignIn) -> None:
    case = submitted(counter)
    address = f"/cases/papers/{lease(case).pk}/"
    statistics = sign_in("east-statistics")
    assert address not in statistics.get(f"/cases/{case.pk}/").content.decode()
    for end in ("", "file/", "pages/1.png"):
        assert statistics.get(address + end).status_code == 422
        assert sign_in("west-desk").get(address + end).status_code == 404
        assert sign_in("city").get(address + end).status_code in {403, 404}


def test_the_api_serves_the_papers_of_a_case(counter: Counter, sign_in: SignIn) -> None:
    case = submitted(counter)
    desk = sign_in("east-desk")
    rows = desk.get(f"/api/v1/cases/{case.pk}/materials").json()
    here = {one["paper_code"]: one for one in rows}
    assert here["test-lease"]["media_type"] == "application/pdf"
    assert here["test-plan"]["sha256"] == "" and here["test-plan"]["state"] == "promised"
    file = desk.get(f"/api/v1/cases/materials/{here['test-lease']['id']}/file")
    assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a stream
    assert sign_in("east-statistics").get(f"/api/v1/cases/{case.pk}/materials").status_code == 422
    promised = desk.get(f"/api/v1/cases/materials/{here['test-plan']['id']}/file")
    assert promised.status_code == 404


def test_a_draft_is_its_applicants_own(counter: Counter, sign_in: SignIn) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened(by))
    assert sign_in("east-desk").get(f"/cases/papers/{lease(case).pk}/").status_code == 404


def test_the_applicant_opens_what_it_gave_or_lets_be_used(counter: Counter, client: Client) -> None:
    case = submitted(counter, by_stranger=True)
    file = client.get(f"/services/apply/{SECRET}/papers/test-lease/file/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a stream
    with acting(actor("east-desk")):
        assert case.materials.get(paper_code="test-lease").file is not None


def test_a_file_that_is_no_picture_is_saved_not_shown(counter: Counter, sign_in: SignIn) -> None:
    by = counter.spokesman()
    case = counter.opened(by)
    text = pdf("note")
    text.seek(0)
    text.truncate()
    text.write("几句话".encode())
    text.seek(0)
    text.name = "说明.txt"
    counter.filled(by, case)
    counter.do(by, "give_material", case, paper_code="test-lease", upload=text)
    counter.do(by, "submit_case", case)
    address = f"/cases/papers/{lease(case).pk}/"
    shown = sign_in("east-desk").get(address)
    assert shown.status_code == 200 and "pages/1.png" not in shown.content.decode()
    file = sign_in("east-desk").get(f"{address}file/")
    assert file["Content-Disposition"].startswith("attachment")
