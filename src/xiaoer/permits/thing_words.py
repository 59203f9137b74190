"""Words of definitions: what verbs and details are called in the journal, and choices on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.permits.definition import Definition
from xiaoer.permits.shipped.shape import STEMS
from xiaoer.web.words import in_chinese

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

# Offices are called by the zone; where a name says what it is, English readers are told beside it.
OFFICES: Words = {
    "行政审批局": _("Approvals bureau"),
    "市场监管局": _("Market regulation"),
    "人社局": _("Human resources and social security"),
    "住建局": _("Housing and construction"),
    "公安分局": _("Public security"),
    "税务局": _("Tax office"),
    "医保局": _("Medical insurance"),
    "公积金中心": _("Housing provident fund"),
    "银行": _("Bank"),
    "交通运输局": _("Transport bureau"),
    "消防救援大队": _("Fire and rescue"),
    "综合执法局": _("Urban management"),
    "烟草专卖局": _("Tobacco bureau"),
    "供电服务中心": _("Power supply"),
    "供水公司": _("Water supply"),
    "燃气公司": _("Gas supply"),
    "通信公司": _("Telecommunications"),
    "自然资源分局": _("Natural resources"),
    "生态环境分局": _("Ecology and environment"),
    "卫健局": _("Health"),
    "经发局": _("Economic development"),
    "科创中心": _("Science and innovation"),
    "财政金融局": _("Finance"),
    "人民法院": _("Court"),
    "文旅局": _("Culture and tourism"),
}
MEASURES: Mapping[str, str] = {
    "个": "", "人": "people", "件": "pieces", "元": "yuan", "千伏安": "kVA", "吨": "t",
    "平方米": "m²", "立方米": "m³", "米": "m", "间": "rooms",
}  # fmt: skip


def name_of(thing: Any) -> str:
    """The name of a thing, item, question, field or paper in the reader's language."""
    return str(thing.name if in_chinese() else thing.name_en or thing.name)


def hint_of(one: Any) -> str:
    return str(one.hint if in_chinese() else one.hint_en or one.hint)


def hints_of(definition: Definition) -> tuple[str, ...]:
    whole = len(definition.hints_en) == len(definition.hints)
    return definition.hints if in_chinese() or not whole else definition.hints_en


def office_words(name: str) -> str:
    """An office as it is called; for readers of English with what it is before its name."""
    if in_chinese():
        return name
    for office, words in OFFICES.items():
        if any(stem in name for stem in (office, *STEMS[office])):
            return f"{words} {name}"
    return name


def measure_words(unit: str) -> str:
    return unit if in_chinese() else MEASURES.get(unit, unit)
