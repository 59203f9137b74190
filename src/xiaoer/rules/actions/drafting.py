"""Verbs of writing: a rule is opened, a version drafted, edited and withdrawn; see ``releasing``."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.rules import access
from xiaoer.rules.models import Rule, RuleCase, RuleClause, RuleVersion
from xiaoer.rules.shipping import ShippedClause

MOST_CLAUSES = 60
LONGEST_TEXT = 8000
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")


@dataclass(frozen=True, slots=True)
class Head:
    """What a version says about itself, apart from its clauses."""

    effective_from: date
    effective_to: date | None = None
    applicant: str = RuleVersion.Applicant.ANY
    region: str = ""
    document: str = ""
    document_no: str = ""
    mark: str = RuleVersion.Mark.U
    mark_note: str = ""
    review_no: str = ""
    reviewed_on: date | None = None


@transaction.atomic
def open_rule(
    *,
    by: Actor,
    now: datetime,
    code: str,
    name: str,
    kind: str,
    level: str = Rule.Level.ZONE,
    name_en: str = "",
    ladder: str = "",
    step: int = 0,
    validity_months: int | None = None,
    purpose: str = "",
) -> Rule:
    """Begin a rule; it says nothing until a version of it is released."""
    access.must_write_rules(by)
    if not _CODE.fullmatch(code):
        raise Refused(
            _("A code is small letters, digits and underscores, such as power_drop."), field="code"
        )
    if not name:
        raise Refused(_("Type what people call the rule."), field="name")
    if Rule.objects.filter(zone_id=by.zone_id, code=code).exists():
        raise Refused(_("The code %(code)s is taken.") % {"code": code}, field="code")
    rule = Rule.objects.create(
        zone_id=by.zone_id,
        code=code,
        name=name,
        name_en=name_en,
        kind=Rule.Kind(kind),
        level=Rule.Level(level),
        ladder=ladder,
        step=step,
        validity_months=validity_months,
        purpose=purpose,
    )
    journal.record(by=by, now=now, verb="open_rule", subject=rule, code=code, name=name)
    return rule


@transaction.atomic
def draft_version(
    *, by: Actor, now: datetime, rule_id: int, effective_from: date, is_copy: bool = True
) -> RuleVersion:
    """Begin the next version: with the clauses and test cases of the latest one, or empty."""
    access.must_write_rules(by)
    rule = Rule.objects.select_for_update().get(pk=rule_id, zone_id=by.zone_id)
    latest = rule.versions.order_by("-number").first()
    made = RuleVersion(
        zone_id=rule.zone_id,
        rule=rule,
        number=1 + (rule.versions.aggregate(last=Max("number"))["last"] or 0),
        effective_from=effective_from,
        mark=RuleVersion.Mark.U,
        author_id=by.post_id,
        written_at=now,
    )
    if latest and is_copy:
        for name in ("applicant", "region", "document", "document_no", "mark", "mark_note"):
            setattr(made, name, getattr(latest, name))
    made.save()
    if latest and is_copy:
        _copy_into(made, latest)
    journal.record(by=by, now=now, verb="draft_version", subject=made, code=rule.code)
    return made


def _copy_into(made: RuleVersion, latest: RuleVersion) -> None:
    for rows in (list(latest.clauses.all()), list(latest.cases.all())):
        for row in rows:
            row.pk, row.rule_version = None, made
        manager = RuleClause.objects if rows and isinstance(rows[0], RuleClause) else None
        if manager:
            manager.bulk_create(rows)  # type: ignore[arg-type]  # rows of one table
        else:
            RuleCase.objects.bulk_create(rows)  # type: ignore[arg-type]  # rows of one table


@transaction.atomic
def edit_draft(
    *,
    by: Actor,
    now: datetime,
    version_id: int,
    version: int,
    head: Head,
    clauses: Sequence[ShippedClause],
) -> RuleVersion:
    """Write the draft anew: its head and all its clauses in order.

    A draft may be kept with mistakes in it; it is only released without. Whoever edits answers for
    it, so that the second person is never the one who wrote last.
    """
    draft = locked(by, version_id)
    must_be_draft(draft)
    journal.must_be_fresh(draft, version)
    _check_head(head)
    _check_clauses(clauses)
    changed = journal.changes(draft, {f.name: getattr(head, f.name) for f in fields(head)})
    before = list(draft.clauses.values_list("name", "text"))
    draft.clauses.all().delete()
    RuleClause.objects.bulk_create(
        RuleClause(zone_id=draft.zone_id, rule_version=draft, position=position, **asdict(clause))
        for position, clause in enumerate(clauses, start=1)
    )
    draft.author_id = by.post_id
    draft.written_at = now
    draft.version += 1
    draft.save()
    if before != [(clause.name, clause.text) for clause in clauses]:
        changed["clauses"] = [str(len(before)), str(len(clauses))]
    journal.record(by=by, now=now, verb="edit_draft", subject=draft, **changed)
    return draft


@transaction.atomic
def withdraw_draft(
    *, by: Actor, now: datetime, version_id: int, version: int, reason: str
) -> RuleVersion:
    """Give a draft up; it stays readable, and its number is not used again."""
    draft = locked(by, version_id)
    if draft.state not in (RuleVersion.State.DRAFT, RuleVersion.State.WAITING):
        raise Refused(_("Only a draft can be withdrawn; a version in force is retired."))
    journal.must_be_fresh(draft, version)
    if not reason:
        raise Refused(_("Say why the draft is given up."), field="reason")
    draft.state = RuleVersion.State.RETIRED
    draft.retired_at = now
    draft.reason = reason
    draft.version += 1
    draft.save()
    journal.record(by=by, now=now, verb="withdraw_draft", subject=draft, reason=reason)
    return draft


def locked(by: Actor, version_id: int) -> RuleVersion:
    """The version, locked, for somebody who may write rules."""
    access.must_write_rules(by)
    return (
        RuleVersion.objects.select_for_update(of=("self",))
        .select_related("rule")
        .get(pk=version_id, zone_id=by.zone_id)
    )


def must_be_draft(version: RuleVersion) -> None:
    if version.state == RuleVersion.State.DRAFT:
        return
    if version.state == RuleVersion.State.WAITING:
        raise Refused(
            _("Version %(number)d waits for release; have it sent back before changing it.")
            % {"number": version.number}
        )
    raise Refused(
        _("Version %(number)d was released and is never edited; draft a new version.")
        % {"number": version.number}
    )


def _check_head(head: Head) -> None:
    if head.effective_to and head.effective_to < head.effective_from:
        raise Refused(
            _("It would end on %(to)s, before it begins on %(from)s; change one of the days.")
            % {"to": head.effective_to, "from": head.effective_from},
            field="effective_to",
        )
    if head.region and not re.fullmatch(r"\d{6,12}", head.region):
        raise Refused(
            _("A region is its six digits of GB/T 2260, such as 370800; empty: everywhere."),
            field="region",
        )


def _check_clauses(clauses: Sequence[ShippedClause]) -> None:
    if len(clauses) > MOST_CLAUSES:
        raise Refused(
            _("A version has at most %(most)d clauses; these are %(count)d.")
            % {"most": MOST_CLAUSES, "count": len(clauses)}
        )
    for position, clause in enumerate(clauses, start=1):
        if not clause.name:
            raise Refused(
                _("Clause %(number)d has no name; say it as people do.") % {"number": position}
            )
        if len(clause.text) > LONGEST_TEXT:
            raise Refused(
                _("Clause %(number)d has %(length)d characters; at most %(most)d are kept.")
                % {"number": position, "length": len(clause.text), "most": LONGEST_TEXT}
            )
