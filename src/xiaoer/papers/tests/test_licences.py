"""Licences: numbered, signed, changed by people with reasons, never leaving unsigned."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from tests.signatures import judged
from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.papers import actions as papers
from xiaoer.papers import queries, signing
from xiaoer.papers.actions.licences import written_number
from xiaoer.papers.models import HeldPaper, Licence, LicenceEvent, LicenceKind, OfficialNotice
from xiaoer.papers.tests.held import TODAY, Town


@pytest.fixture(autouse=True)
def in_english() -> None:
    translation.activate("en")


def content(licence: Licence) -> bytes:
    assert licence.file is not None
    return files.bytes_of(licence.file)


def is_whole(pdf: bytes) -> bool:
    """Whether the one signature in it covers it all and holds, by pyHanko's own validator."""
    own = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    status = judged(own, [own.signer_cert])
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid and whole)


def test_a_licence_is_signed_numbered_and_held_as_a_paper(town: Town) -> None:
    with acting(town.land):
        licence = town.issue()
        pdf = content(licence)
        assert is_whole(pdf)
        assert licence.number == "370800卫公字〔2026〕第00001号"
        assert licence.valid_until == date(2030, 11, 19)
        assert licence.signed_with == signing.must_hold(NOW).fingerprint
        reader = pypdf.PdfReader(BytesIO(pdf))
        words = "".join(page.extract_text() for page in reader.pages)
        assert licence.number in words.replace(" ", "")
        assert "东区变压器有限公司" in words.replace(" ", "")
        meta = reader.xmp_metadata
        assert meta is not None
        claimed = meta.stream.get_data()
        assert re.search(rb"pdfaid:part[^0-9]{1,3}2", claimed), claimed
        assert re.search(rb"pdfaid:conformance[^A-Z]{1,3}B", claimed)
        held = queries.standing_papers(
            zone_id=licence.zone_id, party_id=town.party.pk, codes=["hygiene_licence"], on=TODAY
        )
        assert held["hygiene_licence"].file == licence.file


def test_one_changed_byte_breaks_the_signature(town: Town) -> None:
    with acting(town.land):
        pdf = bytearray(content(town.issue()))
    at = pdf.index(b"stream") + 40
    pdf[at] ^= 1
    assert not is_whole(bytes(pdf))


def test_numbers_follow_the_form_of_their_kind(town: Town) -> None:
    with acting(town.land):
        assert [town.issue().number[-6:] for _ in range(3)] == ["00001号", "00002号", "00003号"]
        assert town.issue(kind=town.kind("drainage_permit")).number == "370800排字第20260001号"
    with pytest.raises(Refused, match="serial"):
        written_number("{year}", year=2026, serial=1, region="")


def test_a_number_stands_once_and_is_carried_on_by_a_change(town: Town) -> None:
    with acting(town.land):
        old = town.issue()
        new = papers.replace_licence(
            by=town.land,
            now=NOW,
            licence=old,
            changes=papers.Changes(
                holder_name="东区新变压器有限公司", content={"area": "80平方米"}
            ),
            why="名称变更",
        )
        old.refresh_from_db()
        assert (old.state, new.state, new.number) == ("replaced", "valid", old.number)
        assert new.content == {**old.content, "area": "80平方米"}
        assert new.replaces == old
        assert is_whole(content(new))
        copied = Licence.objects.get(pk=new.pk)
        copied.pk, copied.code_hash = None, "0" * 64
        with pytest.raises(IntegrityError), transaction.atomic():
            copied.save(force_insert=True)


def test_an_extension_says_until_when(town: Town) -> None:
    with acting(town.land):
        old = town.issue()
        with pytest.raises(Refused, match="until when"):
            papers.replace_licence(
                by=town.land, now=NOW, licence=old, changes=papers.Changes(), why="延续",
                is_extension=True,
            )  # fmt: skip
        new = papers.replace_licence(
            by=town.land,
            now=NOW,
            licence=old,
            changes=papers.Changes(valid_until=date(2034, 11, 19)),
            why="延续",
            is_extension=True,
        )
        assert new.valid_until == date(2034, 11, 19)
        assert list(old.events.values_list("what", flat=True)) == ["issued", "extended"]


def test_without_a_key_no_licence_leaves(town: Town, settings: object, tmp_path: Path) -> None:
    settings.SIGNING_FILE = tmp_path / "none.pem"  # type: ignore[attr-defined]  # set by name
    with acting(town.land):
        with pytest.raises(Refused, match="make_signing_key"):
            town.issue()
        assert not Licence.objects.exists()
    assert not signing.is_ready()
    signing.make_key(name="东区", now=NOW)
    assert (tmp_path / "none.pem").stat().st_mode & 0o777 == 0o600
    with acting(town.land):
        assert town.issue().number.endswith("00001号")


def test_the_database_keeps_no_unsigned_licence(town: Town) -> None:
    with acting(town.land):
        licence = town.issue()
        licence.signed_with = ""
        with pytest.raises(IntegrityError), transaction.atomic():
            licence.save()


def test_states_change_with_a_reason_and_the_paper_follows(town: Town) -> None:
    by = town.land
    with acting(by):
        licence = town.issue()
        with pytest.raises(Refused, match="Say why"):
            papers.suspend_licence(by=by, now=NOW, licence=licence, why=" ")
        papers.suspend_licence(by=by, now=NOW, licence=licence, why="整改期间暂扣")
        assert not _held(licence)
        papers.restore_licence(by=by, now=NOW, licence=licence, why="整改合格")
        assert _held(licence)
        with pytest.raises(Refused, match="decision this rests on"):
            papers.revoke_licence(by=by, now=NOW, licence=licence, why="隐瞒真实情况")
        row = papers.revoke_licence(
            by=by, now=NOW, licence=licence, why="隐瞒真实情况", document="东审撤〔2026〕1号"
        )
        assert (row.state, row.changed_on) == ("revoked", TODAY)
        assert not _held(licence)
        with pytest.raises(Refused, match="cannot be done"):
            papers.restore_licence(by=by, now=NOW, licence=licence, why="误")
        assert list(licence.events.values_list("what", "why", "document")) == [
            ("issued", "", ""),
            ("suspended", "整改期间暂扣", ""),
            ("restored", "整改合格", ""),
            ("revoked", "隐瞒真实情况", "东审撤〔2026〕1号"),
        ]


def _held(licence: Licence) -> bool:
    return HeldPaper.objects.filter(file=licence.file, withdrawn_at__isnull=True).exists()


def test_a_machine_issues_and_only_a_person_takes_back(town: Town) -> None:
    machine = system(town.party.zone_id)
    with acting(machine):
        licence = town.issue(by=machine, is_automatic=True)
        assert licence.is_automatic
        with pytest.raises(Refused, match="Only a person"):
            papers.suspend_licence(by=machine, now=NOW, licence=licence, why="自动")


def test_another_office_another_zone_and_the_holder_change_nothing(town: Town) -> None:
    with acting(town.land):
        licence = town.issue()
    strangers = (
        town.of("east-power"),
        town.of("east-officer"),
        town.of("west-admin"),
        town.firm,
        town.speaker(town.other),
    )
    for stranger in strangers:
        with acting(stranger), pytest.raises(Refused):
            papers.deregister_licence(by=stranger, now=NOW, licence=licence, why="恶意")
    for stranger in strangers[1:]:
        with pytest.raises((Refused, LicenceKind.DoesNotExist)), acting(stranger):
            town.issue(by=stranger)
    for stranger, sees in (
        (town.firm, 1),
        (town.speaker(town.other), 0),
        (town.of("west-admin"), 0),
    ):
        with acting(stranger):
            assert Licence.objects.count() == sees
            assert LicenceEvent.objects.count() == sees


def test_a_licence_ends_not_before_it_begins_and_an_ended_kind_is_not_issued(town: Town) -> None:
    with acting(town.boss):
        with pytest.raises(Refused, match="before the first"):
            town.issue(by=town.boss, valid_until=TODAY - timedelta(days=1))
        kind = town.kind()
        kind.ended_on = TODAY
        kind.save()
        with pytest.raises(Refused, match="no longer issued"):
            town.issue(by=town.boss, kind=kind)


def test_whoever_holds_the_code_sees_that_licence_and_nothing_else(town: Town) -> None:
    with acting(town.land):
        town.issue()
        licence = town.issue()
        code = _code_in(content(licence))
    by = queries.find_paper(code)
    assert by is not None
    with acting(by):
        assert Licence.objects.get() == licence
        assert not HeldPaper.objects.exists()
        assert not LicenceEvent.objects.exists()
    assert queries.find_paper("nothing-such") is None
    assert queries.find_paper("字" * 20) is None


def _code_in(pdf: bytes) -> str:
    """The code as it stands beside the QR code."""
    words = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    words = "".join(words.replace("\u200b", "").split())
    return words.split("/check/")[1].split("/")[0]


def test_a_notice_is_signed_and_checked_like_a_licence(town: Town) -> None:
    with acting(town.land):
        file = papers.make_notice(
            by=town.land,
            now=NOW,
            kind="acceptance",
            title="行政许可申请受理通知书",
            number="东审受〔2026〕1号",
            addressee=town.party.name,
            paragraphs=["你单位提出的申请，经审查，符合受理条件，决定予以受理。"],
            office_name="东区行政审批服务局",
            subject=town.party,
            party=town.party,
        )
        pdf = files.bytes_of(file)
        assert is_whole(pdf)
    by = queries.find_paper(_code_in(pdf))
    assert by is not None
    with acting(by):
        assert OfficialNotice.objects.get().number == "东审受〔2026〕1号"
        assert not Licence.objects.exists()
    with acting(town.speaker(town.other)):
        assert not OfficialNotice.objects.exists()


def test_a_key_others_can_read_is_refused(settings: object, tmp_path: Path) -> None:
    settings.SIGNING_FILE = tmp_path / "open.pem"  # type: ignore[attr-defined]  # set by name
    signing.make_key(name="东区", now=NOW)
    (tmp_path / "open.pem").chmod(0o640)
    with pytest.raises(Refused, match="0600"):
        signing.must_hold(NOW)
    (tmp_path / "open.pem").chmod(0o600)
    with pytest.raises(Refused, match="There is a signing key already"):
        signing.make_key(name="东区", now=NOW)
    with pytest.raises(Refused, match="certificate of the signing key holds"):
        signing.must_hold(NOW + timedelta(days=365 * 6))
    (tmp_path / "open.pem").write_bytes(b"nonsense")
    with pytest.raises(Refused, match="cannot be read"):
        signing.must_hold(NOW)
