"""A slip shows the name outside, the secret inside, and nothing twice."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from xiaoer.base.slips import Slip, SlipKind, slip_pdf, slips_pdf

SLIP = Slip(
    zone_name="东岭开发区",
    person="陆一鸣",
    account="lu.yiming",
    secret="K7m-Qp4x",
    expires=datetime(2025, 11, 27, 10, 4, tzinfo=ZoneInfo("Asia/Shanghai")),
    steps=("打开登录页。", "输入账号和密码。"),
)
A5 = (420, 595)


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_slip_is_one_page_of_a5_with_all_it_must_say() -> None:
    pdf = slip_pdf(SLIP)
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == A5
    (text,) = texts(pdf)
    for fact in ("陆一鸣", "lu.yiming", "登录密码", "2025年11月27日 10:04 前有效，首次登录须修改"):
        assert fact in text
    assert "K7m-Qp4x" in "".join(text.split())


def test_the_secret_is_not_on_the_cover() -> None:
    above: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: object) -> None:
        if tm[5] * cm[3] + cm[5] > A5[1] * 2 / 3:
            above.append(text)

    PdfReader(BytesIO(slip_pdf(SLIP))).pages[0].extract_text(visitor_text=visit)
    cover = "".join("".join(above).split())
    assert "陆一鸣" in cover
    assert "K7m" not in cover
    assert "lu.yiming" not in cover


def test_a_code_is_good_once() -> None:
    (text,) = texts(slip_pdf(replace(SLIP, kind=SlipKind.CODE, secret="428 117")))
    assert "一次性验证码" in text
    assert "前有效，只能使用一次" in text


def test_each_person_gets_a_page_of_their_own() -> None:
    first, second = texts(slips_pdf([SLIP, replace(SLIP, person="何小川", secret="other")]))
    assert "陆一鸣" in first
    assert "何小川" not in first
    assert "何小川" in second


@pytest.mark.parametrize("secret", ["#panic()$*<\\", "", "密" * 40, "a" * 64])
def test_a_secret_of_any_kind_fits_and_is_never_run(secret: str) -> None:
    (text,) = texts(slip_pdf(replace(SLIP, secret=secret, person="名" * 40, expires=None)))
    assert secret in "".join(text.split())
    assert "首次登录须修改" in text


def test_no_slip_is_printed_for_nobody() -> None:
    with pytest.raises(ValueError, match="no slips"):
        slips_pdf([])
