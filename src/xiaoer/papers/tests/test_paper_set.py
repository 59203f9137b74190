"""The set of papers that reading and deciding are measured on."""

import time

import cv2
import numpy as np
import pytest
from stdnum.cn import uscc

from tests.paper_set import WAYS, draw, forge, sample
from xiaoer.papers.ocr.numerals import in_capitals, read_capitals
from xiaoer.papers.shipped import READ


@pytest.mark.parametrize("way", WAYS)
def test_a_paper_is_drawn_the_same_twice_in_every_way(way: str) -> None:
    values = sample("waste_contract", 3)
    paper = draw("waste_contract", values, way=way, seed=3)
    if "pdf" in way:  # What bears the second it was made in is the same only by luck.
        time.sleep(1 - time.time() % 1)
    assert paper == draw("waste_contract", values, way=way, seed=3)
    if "pdf" in way:
        assert paper.startswith(b"%PDF-")
    else:
        picture = cv2.imdecode(np.frombuffer(paper, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert min(picture.shape[:2]) > 500


@pytest.mark.parametrize("kind", [kind.code for kind in READ])
def test_every_kind_that_is_read_has_values_and_a_drawing(kind: str) -> None:
    values = sample(kind)
    needed = {field.code for one in READ if one.code == kind for field in one.fields}
    assert needed <= values.keys()
    assert draw(kind, values) != draw(kind, sample(kind, 2))


def test_invented_codes_carry_their_check_character() -> None:
    assert all(uscc.is_valid(sample("business_licence", seed)["credit_code"]) for seed in range(40))


def test_a_forgery_changes_one_character_and_leaves_the_amount_in_words() -> None:
    values = sample("waste_contract", 5)
    forged = forge(values, "volume", 1)
    assert sum(a != b for a, b in zip(values["volume"], forged["volume"], strict=True)) == 1
    assert forged["volume_in_words"] == values["volume"]
    assert forge(values, "signed_on", 1)["signed_on"] != values["signed_on"]


@pytest.mark.parametrize("number", [0, 7, 10, 108, 3200, 2005, 30500, 96000, 1000300, 43000000])
def test_capital_numerals_are_read_back(number: int) -> None:
    assert read_capitals(in_capitals(number)) == number


def test_what_is_no_capital_amount_is_none() -> None:
    assert read_capitals("约叁仟") is None
    assert read_capitals("") is None
    assert read_capitals("三千二百") == 3200
