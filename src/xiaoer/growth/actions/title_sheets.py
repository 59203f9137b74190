"""Bringing in a sheet of titles or technology contracts: looked at first, then taken over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.base.units import Money
from xiaoer.facts.queries import FirmMatch, match_firms
from xiaoer.growth import access
from xiaoer.growth.actions.lists import enter_contract
from xiaoer.growth.actions.titles import TitleFacts, enter_title
from xiaoer.growth.models import TechContract, Title, TitleKind, TitleSheet
from xiaoer.growth.title_sheets import (
    CONTRACT_FIELDS,
    TITLE_FIELDS,
    SheetRow,
    read_rows,
    texts_of,
)
from xiaoer.registry.models import Party

Holds, State = TitleSheet.Holds, TitleSheet.State
CREATED, UNCHANGED, REJECTED = "created", "unchanged", "rejected"
NAMED = 3
Firms = Mapping[tuple[str, str], FirmMatch]


@dataclass(frozen=True, slots=True)
class _Trouble(Exception):
    """Why a row cannot be taken, and what to do."""

    reason: str
    advice: str


@transaction.atomic
def preview_titles(
    *, by: Actor, now: datetime, stream: files.Upload, file_name: str, holds: str = Holds.TITLES
) -> TitleSheet:
    """Keep a sheet and say what would become of each row; nothing is written yet.

    Firms and kinds are matched by code or exact name; what is doubtful is left with candidates.
    """
    access.must_keep_titles(by)
    if holds not in Holds.values:
        raise Refused(_("Say what the sheet holds."), field="holds")
    file = files.keep_file(
        by=by,
        now=now,
        stream=stream,
        name=file_name,
        limit=Limits().file_bytes,
        look=look_at_sheet,
    )
    run = TitleSheet(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file=file,
        file_name=file_name[:200],
        holds=holds,
        at=now,
    )
    _go_through(by, now, run, writes=False)
    run.save()
    journal.record(by=by, now=now, verb="preview_titles", subject=run, file=run.file_name)
    return run


@transaction.atomic
def commit_titles(*, by: Actor, now: datetime, sheet: TitleSheet) -> TitleSheet:
    """Take over the good rows, judged once more against what the register says by now."""
    access.must_keep_titles(by)
    run = checking.locked(TitleSheet, by, sheet.pk)
    if run.state != State.PREVIEWED:
        raise Refused(_("This sheet was taken over already; look at its result."))
    _go_through(by, now, run, writes=True)
    if not run.created and not run.unchanged:
        raise Refused(_("Nothing in this sheet can be taken; see the reasons beside the rows."))
    run.state, run.finished_at = State.COMMITTED, now
    run.save()
    journal.record(
        by=by, now=now, verb="commit_titles", subject=run,
        created=run.created, unchanged=run.unchanged, rejected=run.rejected,
    )  # fmt: skip
    return run


def _go_through(by: Actor, now: datetime, run: TitleSheet, *, writes: bool) -> None:
    is_titles = run.holds == Holds.TITLES
    with files.kept_path(run.file) as path:
        rows = read_rows(path, TITLE_FIELDS if is_titles else CONTRACT_FIELDS)
    firms = match_firms(zone_id=by.zone_id, named={row.pair for row in rows} - {("", "")})
    judge = _Titles(by, now, firms, rows) if is_titles else _Contracts(by, now, firms, rows)
    run.rows = []
    for row in rows:
        outcome, reason, advice = REJECTED, row.reason, row.advice
        if not reason:
            try:
                # Tried and, for a preview, taken back: what is shown is what will happen.
                with transaction.atomic():
                    outcome = judge.take(row)
                    if not writes:
                        transaction.set_rollback(True)
            except _Trouble as trouble:
                reason, advice = trouble.reason, trouble.advice
            except Refused as refusal:
                reason = str(refusal)
        run.rows.append(
            {
                "row_no": row.row_no,
                "what": " ".join(texts_of(row))[:200],
                "outcome": outcome,
                "reason": reason,
                "advice": advice,
            }
        )
    outcomes = [row["outcome"] for row in run.rows]
    run.created = outcomes.count(CREATED)
    run.unchanged = outcomes.count(UNCHANGED)
    run.rejected = outcomes.count(REJECTED)


def _party(row: SheetRow, firms: Firms) -> int:
    match = firms.get(row.pair)
    if match is None:
        raise _Trouble(_("The row names no enterprise."), _("Fill in the name or the credit code."))
    if match.party_id is not None:
        return match.party_id
    if match.candidates:
        raise _Trouble(
            match.reason,
            _("It may be: %(names)s. Write the name or code of the right one.")
            % {"names": "、".join(match.candidates)},
        )
    raise _Trouble(match.reason, _("Add the enterprise first, or correct its name or code."))


class _Titles:
    """Takes rows of titles."""

    def __init__(self, by: Actor, now: datetime, firms: Firms, rows: Sequence[SheetRow]) -> None:
        self.by, self.now, self.firms = by, now, firms
        self.kinds: dict[str, TitleKind] = {}
        for kind in TitleKind.objects.filter(zone_id=by.zone_id):
            for name in (kind.code, kind.name_en, kind.name):
                self.kinds[name.casefold()] = kind
        ids = {match.party_id for match in firms.values() if match.party_id}
        self.parties = Party.objects.in_bulk(ids)
        self.known = set(
            Title.objects.filter(
                zone_id=by.zone_id, current__isnull=True, party_id__in=ids
            ).values_list("party_id", "kind_id", "granted_on", "name")
        )

    def take(self, row: SheetRow) -> str:
        kind = self._kind(row.text("kind"))
        is_of_zone = kind.family == TitleKind.Family.HONOUR and row.pair == ("", "")
        party = None if is_of_zone else self.parties[_party(row, self.firms)]
        granted_on = row.day("granted_on")
        if granted_on is None:
            raise _Trouble(_("The day it was granted is missing."), _("Fill in 认定日期."))
        if party and (party.pk, kind.pk, granted_on, row.text("name")) in self.known:
            return UNCHANGED
        facts = TitleFacts(
            granted_on=granted_on,
            valid_to=row.day("valid_to"),
            name=row.text("name"),
            document=row.text("document"),
            document_no=row.text("document_no"),
            certificate_no=row.text("certificate_no"),
        )
        enter_title(by=self.by, now=self.now, kind=kind, facts=facts, party=party)
        return CREATED

    def _kind(self, name: str) -> TitleKind:
        kind = self.kinds.get(name.casefold())
        if kind is not None:
            return kind
        near = get_close_matches(name.casefold(), self.kinds, n=NAMED, cutoff=0.4)
        names = dict.fromkeys(self.kinds[one].name for one in near)
        raise _Trouble(
            _("There is no title named “%(name)s”.") % {"name": name},
            _("It may be: %(names)s. Write its name as in the list of kinds.")
            % {"names": "、".join(names)}
            if names
            else _("Write the name as in the list of kinds, or add the kind first."),
        )


class _Contracts:
    """Takes rows of technology contracts."""

    def __init__(self, by: Actor, now: datetime, firms: Firms, rows: Sequence[SheetRow]) -> None:
        self.by, self.now, self.firms = by, now, firms
        ids = {match.party_id for match in firms.values() if match.party_id}
        self.parties = Party.objects.in_bulk(ids)
        self.known = set(
            TechContract.objects.filter(
                zone_id=by.zone_id,
                withdrawn_at__isnull=True,
                number__in=[row.text("number") for row in rows],
            ).values_list("number", flat=True)
        )

    def take(self, row: SheetRow) -> str:
        party = self.parties[_party(row, self.firms)]
        if row.text("number") in self.known:
            return UNCHANGED
        registered_on, amount = row.day("registered_on"), row.said.get("amount")
        if isinstance(amount, Money) and amount.currency != "CNY":
            raise _Trouble(_("The amount is not in yuan."), _("Write what it is in yuan."))
        if registered_on is None or not isinstance(amount, Money):
            raise _Trouble(
                _("The day or the amount is missing."), _("Fill in both and bring it in again.")
            )
        enter_contract(
            by=self.by,
            now=self.now,
            number=row.text("number"),
            registered_on=registered_on,
            party=party,
            amount_fen=amount.fen,
            name=row.text("name"),
            counterpart=row.text("counterpart"),
        )
        return CREATED
