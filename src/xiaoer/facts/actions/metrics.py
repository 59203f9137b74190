"""Verbs about metrics, which all zones share."""

import csv
import re
from datetime import datetime
from importlib.resources import files

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import access
from xiaoer.facts.measuring import UNITS
from xiaoer.facts.models import Metric

_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")


@transaction.atomic
def define_metric(
    *,
    by: Actor,
    now: datetime,
    code: str,
    name: str,
    unit: str,
    kind: str,
    name_en: str = "",
    meaning: str = "",
    adds: str = Metric.Adds.SUM,
    decimals: int = 2,
    higher_is_better: bool = True,
) -> Metric:
    """Add an indicator. Its name is what sheets call it, so no two share one."""
    access.must_keep_figures(by)
    if unit not in UNITS:
        raise Refused(
            _("There is no unit %(unit)s; choose one of the list.") % {"unit": unit}, field="unit"
        )
    if not _CODE.fullmatch(code):
        raise Refused(
            _("A code is small letters, digits and underscores, such as utilised_foreign_capital."),
            field="code",
        )
    if not name:
        raise Refused(_("Type the name as it stands in sheets."), field="name")
    if Metric.objects.filter(code=code).exists():
        raise Refused(_("The code %(code)s is taken.") % {"code": code}, field="code")
    if Metric.objects.filter(name=name).exists():
        raise Refused(
            _("There is already an indicator named %(name)s.") % {"name": name}, field="name"
        )
    metric = Metric.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        meaning=meaning,
        unit=unit,
        kind=kind,
        adds=adds,
        decimals=decimals,
        higher_is_better=higher_is_better,
    )
    journal.record(by=by, now=now, verb="define_metric", subject=metric, code=code, name=name)
    return metric


@transaction.atomic
def seed_metrics(*, by: Actor, now: datetime) -> int:
    """Define the indicators of ``metrics.csv`` that are not there yet; says how many were added."""
    access.must_keep_figures(by)
    there = set(Metric.objects.values_list("code", flat=True))
    text = files("xiaoer.facts").joinpath("metrics.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["code"] not in there]
    for row in rows:
        define_metric(
            by=by,
            now=now,
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            meaning=row["meaning"],
            unit=row["unit"],
            kind=row["kind"],
            adds=row["adds"],
            decimals=int(row["decimals"]),
            higher_is_better=row["higher_is_better"] == "yes",
        )
    _name_in_sheets()
    return len(rows)


def _name_in_sheets() -> None:
    """Give shipped indicators the names sheets of bureaus use, where they have none of their own."""
    text = files("xiaoer.facts").joinpath("headings.csv").read_text("utf-8")
    said = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    for metric in Metric.objects.filter(code__in=said, aliases=[]):
        metric.aliases = [name for name in said[metric.code]["aliases"].split("|") if name]
        metric.never_negative = said[metric.code]["never_negative"] == "yes"
        metric.save(update_fields=["aliases", "never_negative"])
