"""What people type about titles, as values; a refusal names the field."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages import forms
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import parse_money, show_money
from xiaoer.facts.queries import match_firms
from xiaoer.growth import queries
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import Batch, Title, TitleKind
from xiaoer.registry.models import Party

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)


def yuan(fen: int | None) -> str:
    return show_money(fen, get_language() or "zh-hans")


def name_of(row: TitleKind) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    return row.name if chinese or not row.name_en else row.name_en


def party_typed(request: HttpRequest, by: Actor, *, required: bool = True) -> Party | None:
    """The enterprise somebody typed: its credit code or exact name; likely ones are named."""
    text = forms.text(request, "enterprise", longest=120)
    if not text:
        if required:
            raise Refused(_("Type the name or credit code of the enterprise."), field="enterprise")
        return None
    # A code matches codes, a name names; which of both was typed the pair decides.
    pair = (text.upper(), "") if text.isascii() and text.isalnum() else ("", text)
    match = match_firms(zone_id=by.zone_id, named={pair}).get(pair)
    if match is not None and match.party_id is not None:
        return Party.objects.get(pk=match.party_id, zone_id=by.zone_id)
    if match is not None and match.candidates:
        raise Refused(
            _("No enterprise has exactly this name. It may be: %(names)s.")
            % {"names": "、".join(match.candidates)},
            field="enterprise",
        )
    raise Refused(_("No enterprise of the zone has this name or code."), field="enterprise")


def kind_typed(request: HttpRequest, by: Actor) -> TitleKind:
    number = forms.number(request.POST.get("kind"))
    row = TitleKind.objects.filter(zone_id=by.zone_id, pk=number or 0).first()
    if row is None:
        raise Refused(_("Choose the title."), field="kind")
    return row


def batch_typed(request: HttpRequest, by: Actor) -> Batch | None:
    number = forms.number(request.POST.get("batch"))
    return Batch.objects.filter(zone_id=by.zone_id, pk=number).first() if number else None


def facts_typed(request: HttpRequest, by: Actor, *, year: int | None = None) -> TitleFacts:
    """What a form says of a title."""
    typed = request.POST
    return TitleFacts(
        granted_on=forms.must_day(request, "granted_on"),
        valid_to=forms.day(request, "valid_to"),
        is_without_end=typed.get("is_without_end") == "yes",
        name=forms.text(request, "name", longest=120),
        year=year,
        batch=batch_typed(request, by),
        document=forms.text(request, "document", longest=200),
        document_no=forms.text(request, "document_no", longest=80),
        certificate_no=forms.text(request, "certificate_no", longest=80),
        scope=typed.get("scope", "") if typed.get("scope", "") in Title.Scope.values else "",
        scope_words=forms.text(request, "scope_words", longest=80),
        is_exclusive=typed.get("is_exclusive") == "yes",
        ordinal=forms.number(typed.get("ordinal")),
        window_years=forms.number(typed.get("window_years")),
    )


def money_typed(request: HttpRequest, name: str) -> int:
    """An amount as typed, in fen; a bare number is in 万元, as the form says."""
    text = forms.text(request, name, longest=40, required=_("Type an amount."))
    try:
        money = parse_money(text if not text.replace(".", "", 1).isdigit() else f"{text}万元")
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if money is None or money.currency != "CNY":
        raise Refused(_("Type an amount in yuan."), field=name)
    return money.fen


def version_typed(request: HttpRequest) -> int:
    return forms.number(request.POST.get("version")) or 0


def kind_choices(by: Actor, *families: str) -> list[tuple[int, str]]:
    rows = queries.kinds(zone_id=by.zone_id, families=families).filter(ended_on__isnull=True)
    return [(row.pk, f"{name_of(row)} · {row.get_level_display()}") for row in rows]


def batch_choices(by: Actor, today: date, kind: TitleKind | None = None) -> list[tuple[int, str]]:
    rows = queries.batches_of(zone_id=by.zone_id, since_year=today.year - 2)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [(row.pk, f"{name_of(row.kind)} {row.name}") for row in rows]
