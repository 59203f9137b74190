"""Papers are read right, or not surely: never wrong with the confidence a grant asks for."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.paper_set import WAYS, draw, forge, sample
from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.models import Role, StoredFile
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import actions as papers
from xiaoer.papers import queries
from xiaoer.papers.models import FieldRead, PaperField, PaperKind, Reading
from xiaoer.papers.ocr import documents
from xiaoer.papers.ocr import process as reading_process
from xiaoer.papers.ocr.fields import Wanted, find
from xiaoer.papers.ocr.lines import Line, Page
from xiaoer.papers.ocr.process import ReadingProcess
from xiaoer.papers.shipped import READ
from xiaoer.papers.tests.held import Town
from xiaoer.web.press import compile_pdf

Of = Callable[[str], Actor]


@pytest.fixture(scope="module")
def engine() -> Iterator[ReadingProcess]:
    one = ReadingProcess()
    one.warm()
    yield one
    one.stop()


def wanted(kind: str) -> list[Wanted]:
    return [
        Wanted(field.code, str(field.sort), field.labels, field.pattern, field.unit)
        for one in READ
        if one.code == kind
        for field in one.fields
    ]


def read(engine: ReadingProcess, kind: str, paper: bytes) -> dict[str, Any]:
    is_pdf = paper.startswith(b"%PDF")
    return engine.read(paper, "application/pdf" if is_pdf else "image/jpeg", wanted(kind))


def judge(told: Mapping[str, Any], values: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Fields read right and surely, and fields read wrong and surely."""
    sure = {one["code"]: one["value"] for one in told["fields"] if one["confidence"] >= 0.9}
    right = {code for code, value in sure.items() if value == values[code]}
    wrong = {code for code, value in sure.items() if value and value != values[code]}
    return right, wrong


# How many of the eleven fields of a contract must be read right and surely, at least.
LEAST = {"glare": 8, "low": 9, "photographed": 10, "stamped": 9}


@pytest.mark.parametrize("way", WAYS)
def test_a_contract_is_read_in_every_way_it_arrives(engine: ReadingProcess, way: str) -> None:
    values = sample("waste_contract", 2)
    told = read(engine, "waste_contract", draw("waste_contract", values, way=way, seed=2))
    right, wrong = judge(told, values)
    assert not wrong
    assert len(right) >= LEAST.get(way, 11), sorted(set(values) - right)
    assert told["way"] == ("text_layer" if way == "pdf" else "ocr")
    assert told["turned"] == (180 if way == "rotated" else 0)


@pytest.mark.parametrize(("degrees", "turned"), [(3, 0), (90, 90), (270, 270)])
def test_a_turned_licence_is_read_and_said_to_be_turned(
    engine: ReadingProcess, degrees: int, turned: int
) -> None:
    values = sample("business_licence", 4)
    paper = draw("business_licence", values, way=f"rotated-{degrees}")
    told = read(engine, "business_licence", paper)
    right, wrong = judge(told, values)
    assert not wrong
    assert {"credit_code", "name", "capital", "domicile", "founded_on"} <= right
    assert told["turned"] == turned


# The contract is scanned above, among the ways; the others once each.
@pytest.mark.parametrize("kind", [kind.code for kind in READ if kind.code != "waste_contract"])
def test_every_kind_is_read_right_from_its_scan(engine: ReadingProcess, kind: str) -> None:
    values = sample(kind, 6)
    told = read(engine, kind, draw(kind, values, way="scanned", seed=6))
    right, wrong = judge(told, values)
    assert not wrong
    assert len(right) >= len(told["fields"]) - 1, sorted(
        {one["code"] for one in told["fields"]} - right
    )


def test_digits_that_the_capital_numerals_gainsay_are_not_sure(engine: ReadingProcess) -> None:
    values = sample("waste_contract", 7)
    told = read(engine, "waste_contract", draw("waste_contract", forge(values, "volume", 7)))
    volume = next(one for one in told["fields"] if one["code"] == "volume")
    assert values["volume"] in volume["others"]
    assert volume["confidence"] < 0.5


def test_a_code_with_one_forged_character_is_no_code(engine: ReadingProcess) -> None:
    values = sample("business_licence", 8)
    paper = draw("business_licence", forge(values, "credit_code"))
    told = read(engine, "business_licence", paper)
    code = next(one for one in told["fields"] if one["code"] == "credit_code")
    assert code["value"] == ""
    assert code["text"]


PARTIES = """#set text(font: "Noto Sans SC", size: 12pt, fallback: false)
渣土处置合同

甲方（委托方）：济宁某某建设有限公司

乙方（受托方）：汶上某某运输有限公司
"""


@pytest.mark.parametrize("is_read_apart", [False, True])
def test_a_colon_that_reaches_into_its_label_begins_the_value(is_read_apart: bool) -> None:
    """Where wide marks meet they are set closer, so that the two runs of a line lie over each other."""
    lines = documents.sources(compile_pdf(PARTIES, {}), documents.PDF)[0][0].lines
    assert [line.text for line in lines][1] == "甲方（委托方）：济宁某某建设有限公司"
    if is_read_apart:
        lines = tuple(part for line in lines for part in apart(line))
    fields = [
        Wanted("one", "name", ("甲方（委托方）",)),
        Wanted("two", "name", ("乙方（受托方）",)),
    ]
    found = find([Page(1, 1240, 1754, lines)], fields)
    assert [one.value for one in found] == ["济宁某某建设有限公司", "汶上某某运输有限公司"]
    assert not found[0].text.startswith((":", "："))


def test_a_colon_that_ends_its_label_reaches_into_the_value() -> None:
    """The blank half of a wide colon is seen as part of the label, over the words behind it."""
    lines = documents.sources(compile_pdf(PARTIES, {}), documents.PDF)[0][0].lines
    label, value = apart(lines[1])
    # The same line parted behind its colon, the label's box three quarters of a sign too long.
    left, right = label.quad[0][0], label.quad[1][0]
    size = (right - left) / len(label.text)
    end = right + size
    parted = (
        run(replace(label, text=label.text + "："), 0, None, left, end),
        run(replace(value, text=value.text[1:]), 0, None, end - 0.75 * size, value.quad[1][0]),
    )
    (found,) = find([Page(1, 1240, 1754, parted)], [Wanted("one", "name", ("甲方（委托方）",))])
    assert found.value == "济宁某某建设有限公司"


def apart(line: Line) -> list[Line]:
    """A line in two runs, the second from its colon on, its box a good half sign into the first."""
    at = line.text.find("：")
    if at < 0:
        return [line]
    left, right = line.quad[0][0], line.quad[1][0]
    size = (right - left) / (len(line.text) - 0.5)
    colon = left + (at - 0.6) * size
    return [run(line, 0, at, left, left + at * size), run(line, at, None, colon, right)]


def run(line: Line, begin: int, end: int | None, left: float, right: float) -> Line:
    text, (top, bottom) = line.text[begin:end], (line.quad[0][1], line.quad[2][1])
    at = tuple((number + 0.5) / len(text) for number in range(len(text)))
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(line.page, text, quad, (1.0,) * len(text), at)


# The process -----------------------------------------------------------------------------------


def test_a_reading_process_that_is_killed_is_started_again_and_loses_nothing() -> None:
    one = ReadingProcess()
    values = sample("id_card", 1)
    paper = draw("id_card", values)
    try:
        one.warm()
        first = one.number
        assert first is not None
        threading.Timer(0.4, os.kill, (first, signal.SIGKILL)).start()
        told = read(one, "id_card", paper)
        assert judge(told, values)[0] >= {"name", "number"}
        assert one.number not in (None, first)
    finally:
        one.stop()


def test_a_reading_process_that_hangs_is_ended_and_says_so() -> None:
    one = ReadingProcess()
    paper = draw("id_card", sample("id_card", 1)) + bytes(300_000)
    try:
        one.warm()
        assert one.number is not None
        os.kill(one.number, signal.SIGSTOP)
        began = time.monotonic()
        told = one.read(paper, "image/jpeg", wanted("id_card"), seconds=1)
        assert told == {"why": "too_slow"}
        assert time.monotonic() - began < 10
        assert one.number is None
    finally:
        one.stop()


def test_an_engine_that_does_not_start_is_a_reading_that_says_so() -> None:
    one = ReadingProcess([sys.executable, "-c", "raise SystemExit(1)"])
    assert one.read(b"", "image/jpeg", []) == {"why": "no_engine"}


# Kept ------------------------------------------------------------------------------------------


@pytest.fixture
def shared(
    engine: ReadingProcess, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> ReadingProcess:
    settings.FILES_FOLDER = tmp_path / "files"
    settings.FILES_KEY = tmp_path / "files.key"
    monkeypatch.setattr("xiaoer.papers.actions.reading.SHARED", engine)
    return engine


def keep(by: Actor, content: bytes, name: str) -> StoredFile:
    return files.keep_file(by=by, now=NOW, stream=BytesIO(content), name=name)


def kind_of(by: Actor, code: str) -> PaperKind:
    papers.seed_paper_kinds(by=by, now=NOW)
    return PaperKind.objects.get(zone_id=by.zone_id, code=code)


def test_a_paper_is_read_once_until_its_fields_change(shared: ReadingProcess, of: Of) -> None:
    by = of("east-admin")
    values = sample("id_card", 3)
    with acting(by):
        kind = kind_of(by, "id_card")
        file = keep(by, draw("id_card", values, way="scanned"), "身份证.jpg")
        first = papers.read_paper(by=by, now=NOW, file=file, kind=kind)
        assert papers.read_paper(by=by, now=NOW, file=file, kind=kind) == first
        fields = queries.fields_of(first)
        assert fields["name"].value == values["name"]
        assert fields["number"].value == values["number"]
        assert first.engine.startswith("rapidocr ")
        assert queries.crop(first, "number").startswith(b"\x89PNG")
        PaperField.objects.filter(kind=kind, code="name").update(labels=["持证人"])
        assert papers.read_paper(by=by, now=NOW, file=file, kind=kind) != first


def test_what_cannot_be_read_says_why_and_may_be_tried_again(
    shared: ReadingProcess, of: Of
) -> None:
    by = of("east-admin")
    with acting(by):
        kind = kind_of(by, "id_card")
        file = keep(by, "姓名,号码\n".encode(), "名单.csv")
        reading = papers.read_paper(by=by, now=NOW, file=file, kind=kind)
        assert reading.state == Reading.State.UNREADABLE
        assert queries.why_words(reading.why) != reading.why
        assert papers.read_paper(by=by, now=NOW, file=file, kind=kind) == reading
        again = papers.read_paper(by=by, now=NOW, file=file, kind=kind, again=True)
        assert again.pk != reading.pk
        assert not FieldRead.objects.filter(reading=again).exists()


def test_another_zone_and_an_enterprise_see_no_reading(shared: ReadingProcess, of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        kind = kind_of(by, "id_card")
        papers.read_paper(by=by, now=NOW, file=keep(by, b"a,b\n", "x.csv"), kind=kind)
        assert Reading.objects.exists()
    with acting(of("west-admin")):
        assert not Reading.objects.exists()
    stranger = Actor(zone_id=by.zone_id, role=Role.ENTERPRISE, party_ref=1)
    with acting(stranger), pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.exists()


def test_the_time_limit_is_longer_than_any_page_takes() -> None:
    assert reading_process.READ_SECONDS >= 60


def test_the_same_file_for_another_party_is_told(shared: ReadingProcess, town: Town) -> None:
    with acting(town.boss):
        kind, file = town.paper_kind("lease"), town.file("房屋租赁合同，出租方与承租方各执一份")
        for party in (town.party, town.other):
            papers.hold_paper(
                by=town.boss, now=NOW, party=party, kind=kind, file=file, name="合同.pdf"
            )
        reading = papers.read_paper(by=town.boss, now=NOW, file=file, kind=kind)
        assert "other_party" in [sign["code"] for sign in reading.signs]
