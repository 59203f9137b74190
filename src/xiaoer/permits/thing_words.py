"""Words of definitions: what verbs and details are called in the journal, and choices on pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

THING_VERBS: Words = {
    "seed_things": _("furnished with things"),
    "open_thing": _("took up a thing"),
    "change_thing": _("described a thing anew"),
    "end_thing": _("ended a thing"),
    "draft_thing_version": _("began a version"),
    "change_thing_draft": _("wrote on a draft"),
    "withdraw_thing_draft": _("gave a draft up"),
    "release_thing_version": _("put a version in force"),
    "retire_thing_version": _("retired a version"),
    "end_thing_version": _("ended a version"),
}
THING_DETAILS: Words = {
    "target": _("for whom"),
    "batch": _("published list"),
    "is_value_added": _("value-added service"),
    "summary": _("in a few words"),
    "summary_en": _("in a few words, English"),
    "basis": _("legal basis"),
    "parts": _("parts"),
    "from_day": _("from"),
}

# V: the text was read; S: the articles say it; C: a copy; U: custom, no text found; D: proposed.
MARK_NAMES: Words = {
    "A": _("official page"),
    "V": _("text read"),
    "S": _("said in the article"),
    "B": _("press or law firm"),
    "C": _("copy of a text"),
    "U": _("not checked"),
    "D": _("proposed value"),
}
MARK_LIGHTS: Mapping[str, str] = {
    "A": "green", "V": "green", "S": "green", "B": "amber", "C": "amber", "U": "amber",
    "D": "grey", "": "grey",
}  # fmt: skip
PARTS: Words = {
    "general": _("Limits and hints"),
    "questions": _("Questions"),
    "items": _("Items"),
    "fields": _("Fields"),
    "materials": _("Papers"),
    "bars": _("What cannot be applied for here"),
}
ANSWERS: Words = {
    "yes_no": _("yes or no"),
    "one": _("one of several"),
    "many": _("several of several"),
}
DECIDES: Words = {
    "grant": _("licence"),
    "file": _("filing"),
    "confirm": _("confirmation"),
    "service": _("public service"),
}
STEPS: Words = {
    "review": _("review"),
    "countersign": _("countersign, all named"),
    "any_sign": _("any one signs"),
    "site_visit": _("site visit by two officers"),
    "expert_review": _("expert review"),
    "push": _("data handed on"),
    "decide": _("decision"),
}
SOURCES: Words = {
    "typed": _("typed"),
    "registry": _("the registry"),
    "paper": _("read off a paper"),
    "answer": _("an answer"),
    "record": _("an earlier case"),
}
SORTS: Words = {
    "text": _("text"),
    "long_text": _("long text"),
    "number": _("figure"),
    "money": _("money"),
    "date": _("day"),
    "credit_code": _("unified credit code"),
    "phone": _("telephone"),
    "address": _("address"),
    "choice": _("one of several"),
    "yes_no": _("yes or no"),
}
UNITS: Words = {
    "working_day": _("working days"),
    "calendar_day": _("calendar days"),
    "hour": _("hours"),
    "working_hour": _("working hours"),
    "month": _("months"),
}
