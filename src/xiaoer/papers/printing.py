"""What licences, previews and notices look like on paper: data for the typst templates beside.

Official papers are always Chinese. A licence made here says that it is a copy under an electronic
signature, since a national electronic licence is only what the province's platform seals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from xiaoer.base.models import Zone
from xiaoer.papers.masking import is_identity
from xiaoer.papers.models import Licence
from xiaoer.web import press

TEMPLATES = Path(__file__).resolve().parent / "templates" / "papers"
PREVIEW = "预览件 无效"


def check_address(code: str) -> str:
    """Where whoever holds a paper asks whether it holds."""
    return f"{settings.PUBLIC_ADDRESS}/check/{code}/"


def licence_pdf(
    licence: Licence, *, zone_name: str, code: str, made_at: datetime, watermark: str = ""
) -> bytes:
    """The paper of a licence. ``code`` empty: a preview without a code to check."""
    content = licence.content
    return press.compile_pdf(
        TEMPLATES / "licence.typ",
        {
            "zone": zone_name,
            "title": licence.kind.name,
            "number": licence.number,
            "rows": [
                *_holder(licence),
                *(
                    {"label": one["name"], "value": str(content.get(one["code"]) or "")}
                    for one in licence.kind.fields
                ),
                {"label": "有效期", "value": period(licence.valid_from, licence.valid_until)},
            ],
            "conditions": licence.conditions,
            "issuer": licence.issuer,
            "issued_on": press.paper_date(licence.issued_on),
            "is_automatic": licence.is_automatic,
            "address": check_address(code) if code else "",
            "qr": press.qr_svg(check_address(code)) if code else "",
            "watermark": watermark,
        },
        made_at=made_at,
    )


def preview_pdf(licence: Licence, *, made_at: datetime) -> bytes:
    """The paper as it would look: crossed out as a preview, without a code, never signed."""
    zone_name = Zone.objects.values_list("name", flat=True).get(pk=licence.zone_id)
    return licence_pdf(licence, zone_name=zone_name, code="", made_at=made_at, watermark=PREVIEW)


def _holder(licence: Licence) -> list[dict[str, str]]:
    rows = [{"label": "持证主体", "value": licence.holder_name}]
    # An identity number stands on no paper that others are shown.
    if licence.holder_code and not is_identity(licence.holder_code):
        rows.append({"label": "统一社会信用代码", "value": licence.holder_code})
    return rows


def period(since: date, until: date | None) -> str:
    """自2026年11月20日至2030年11月19日；without an end 长期。"""
    end = "长期" if until is None else press.paper_date(until)
    return f"自{press.paper_date(since)}至{end}"


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What an official notice says, in the order of official papers."""

    title: str
    number: str
    addressee: str
    paragraphs: Sequence[str]
    office_name: str
    on: date


def notice_pdf(
    text: NoticeText, *, zone_name: str, code: str, made_at: datetime, watermark: str = ""
) -> bytes:
    """An official notice in the shape of GB/T 9704: title, number, addressee, text, office, day."""
    return press.compile_pdf(
        TEMPLATES / "notice.typ",
        {
            "zone": zone_name,
            "title": text.title,
            "number": text.number,
            "addressee": text.addressee,
            "paragraphs": list(text.paragraphs),
            "office": text.office_name,
            "on": press.paper_date(text.on),
            "address": check_address(code) if code else "",
            "qr": press.qr_svg(check_address(code)) if code else "",
            "watermark": watermark,
        },
        made_at=made_at,
    )
