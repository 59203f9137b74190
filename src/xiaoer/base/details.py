"""What the keys of a journal line's detail are called. No tables here.

One list for the whole house: the keys are plain words that rooms share. A room lends further ones
(``label_details``) where a column has a name of its own.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_labels: dict[str, Words] = {
    "after": _("after"),
    "amber_share": _("amber from"),
    "appeal": _("request"),
    "as_of": _("as of"),
    "at": _("moment"),
    "ball": _("who has to move"),
    "before": _("before"),
    "cards": _("cards"),
    "cell": _("cell"),
    "cells": _("cells"),
    "channel": _("how it came"),
    "code": _("code"),
    "codes": _("codes"),
    "column": _("column"),
    "columns": _("columns"),
    "complaint_phone": _("complaint telephone"),
    "correction": _("corrects"),
    "count": _("how many"),
    "created": _("added"),
    "day": _("day"),
    "deputy": _("stands in"),
    "duplicate": _("the duplicate"),
    "external_ref": _("number there"),
    "facts": _("facts"),
    "field": _("column"),
    "file": _("file"),
    "file_name": _("file"),
    "format": _("format"),
    "giver": _("from whom"),
    "goal": _("goal"),
    "granted": _("granted"),
    "handed_out_on": _("handed out on"),
    "handler": _("handler"),
    "instruction": _("instruction"),
    "into": _("into"),
    "is_granted": _("granted"),
    "is_hard": _("hard"),
    "is_lead": _("leads the office"),
    "is_shown": _("the enterprise sees it"),
    "is_working": _("working day"),
    "joint": _("offices that help"),
    "kept": _("stays"),
    "kind": _("kind"),
    "layout": _("columns"),
    "left_on": _("left on"),
    "lent": _("lent"),
    "level": _("level"),
    "line": _("line"),
    "metric": _("indicator"),
    "money_fen": _("money at stake"),
    "moved": _("moved"),
    "name": _("name"),
    "name_en": _("name in English"),
    "new": _("new"),
    "new_due_at": _("new date"),
    "new_due_on": _("new date"),
    "note": _("note"),
    "office": _("office"),
    "offices": _("offices"),
    "old": _("old"),
    "old_due_on": _("old date"),
    "on": _("day"),
    "order": _("place in the list"),
    "outcome": _("outcome"),
    "parent": _("belongs to"),
    "parties": _("enterprises"),
    "party": _("enterprise"),
    "pause": _("pause"),
    "person": _("person"),
    "phone": _("telephone"),
    "post": _("post"),
    "posts": _("posts"),
    "programme": _("programme"),
    "promised_on": _("promised for"),
    "purpose": _("purpose"),
    "read": _("rows read"),
    "reason": _("reason"),
    "record": _("record"),
    "rejected": _("rejected"),
    "removed": _("removed"),
    "replaces": _("replaces"),
    "restored": _("restored"),
    "result": _("result"),
    "role": _("role"),
    "rows": _("rows"),
    "run": _("file"),
    "satisfaction": _("satisfaction"),
    "scopes": _("may"),
    "sha256": _("fingerprint"),
    "sheet": _("sheet"),
    "since": _("from"),
    "size": _("bytes"),
    "slots": _("places"),
    "source": _("source"),
    "state": _("state"),
    "taker": _("to whom"),
    "taken_back": _("taken back"),
    "task": _("task"),
    "tasks": _("tasks"),
    "through": _("through"),
    "title": _("title"),
    "to": _("to"),
    "unchanged": _("unchanged"),
    "unit": _("unit"),
    "until": _("until"),
    "updated": _("changed"),
    "urgency": _("urgency"),
    "username": _("account"),
    "visited_on": _("day of the visit"),
    "was_working": _("was a working day"),
    "words": _("words"),
    "work_no": _("work number"),
    "year": _("year"),
    "years": _("years"),
}


def label_details(labels: Mapping[str, Words]) -> None:
    """Lend the audit trail a room's words for keys it does not know; called from ``apps.py``."""
    for key, words in labels.items():
        _labels.setdefault(key, words)


def detail_label(key: str) -> str:
    """What a key is called in the reader's language; one without words is shown as it is written."""
    return str(_labels.get(key, key.replace("_", " ")))


_codes: dict[tuple[str, str], Words] = {}


def name_codes(key: str, words: Mapping[str, Words]) -> None:
    """Lend the audit trail the words of codes that are no choices of a table (kinds of task)."""
    _codes.update({(key, code): said for code, said in words.items()})


def code_words(key: str, code: str) -> Words | None:
    return _codes.get((key, code))


def has_label(key: str) -> bool:
    return key in _labels
