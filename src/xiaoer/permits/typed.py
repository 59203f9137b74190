"""What applicants type and choose, made into what a definition asks for; pure.

A value is kept as JSON holds it: an ISO day, a plain number as text, an amount of money in fen as
text, a choice by its code. Nothing is guessed: what could be read in two ways is told.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base import reading
from xiaoer.base.dates import parse_date
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.units.figures import THIN
from xiaoer.base.units.measures import parse_area, parse_mass
from xiaoer.base.units.money import YUAN, money_unit, parse_money, show_money
from xiaoer.permits.definition import Answer, Definition, Field, Question
from xiaoer.registry import codes

LONGEST, LONGEST_TEXT = 200, 2000
_PHONE = re.compile(r"\+?\d{7,15}")
_NUMBER = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)\s*(\D*)")
_YES = frozenset({"yes", "true", "1", "是", "y"})
_NO = frozenset({"no", "false", "0", "否", "n"})
_AREAS = frozenset({"平方米", "m2", "m²", "㎡"})
_MASSES = frozenset({"吨", "t"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What could be taken, and what is wrong with the rest, by field."""

    values: dict[str, Any]
    errors: dict[str, str]


def read_form(fields: Iterable[Field], typed: Mapping[str, object]) -> Typed:
    """Read what was typed; an empty value empties the field."""
    known = {one.code: one for one in fields}
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for code, value in typed.items():
        field = known.get(code)
        if field is None:
            errors[code] = _("This application does not ask for “%(code)s”.") % {
                "code": str(code)[:40]
            }
            continue
        try:
            values[code] = read_field(field, value)
        except (Unreadable, Refused) as error:
            errors[code] = str(error)
    return Typed(values, errors)


def read_field(field: Field, value: object) -> str:
    """One value as it is kept; empty: nothing was said."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if not isinstance(value, str | int | float):
        raise Refused(_("Type this as words or figures."), field=field.code)
    text = str(value).replace("\r\n", "\n").strip()
    most = LONGEST_TEXT if field.sort == "long_text" else LONGEST
    if len(text) > most:
        raise Refused(
            _("At most %(most)d characters; these are %(count)d.")
            % {"most": most, "count": len(text)},
            field=field.code,
        )
    if any(sign < " " and sign not in "\n\t" for sign in text):
        raise Refused(_("This holds signs that are no text; type it anew."), field=field.code)
    if not text:
        return ""
    reader = _READERS.get(field.sort)
    return reader(field, text) if reader else text


def _number(field: Field, text: str) -> str:
    if field.unit in _AREAS:
        return _plain(parse_area(text))
    if field.unit in _MASSES:
        return _plain(parse_mass(text))
    found = _NUMBER.fullmatch(reading.tidy(text))
    if found is None or found[2].strip() not in {"", field.unit}:
        raise Refused(
            _("Type a number, such as 120%(unit)s.") % {"unit": field.unit}, field=field.code
        )
    try:
        return _plain(Decimal(found[1].replace(",", "")))
    except InvalidOperation as error:
        raise Refused(_("Type a number, such as 120."), field=field.code) from error


def _plain(number: Decimal | None) -> str:
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(field: Field, text: str) -> str:
    found = parse_money(text, money_unit(f"({field.unit})") or YUAN)
    if found is None:
        return ""
    if found.currency != "CNY":
        raise Refused(_("Type the amount in yuan, such as 50万元."), field=field.code)
    if found.fen < 0:
        raise Refused(_("An amount is not below zero."), field=field.code)
    return str(found.fen)


def yuan_of(value: object) -> object:
    """A kept amount as papers, rules and conditions state it: plain yuan; else what it is."""
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdecimal():
        return value
    return _plain(Decimal(text).scaleb(-2))


def on_paper(fields: Iterable[Field], form: Mapping[str, Any]) -> dict[str, Any]:
    """A kept form as an official paper states it: amounts in their words, choices by their names."""
    known = {one.code: one for one in fields}
    return {
        code: _on_paper(known[code], value) if code in known else value
        for code, value in form.items()
    }


def _on_paper(field: Field, value: Any) -> Any:
    if field.sort == "money" and str(value).isdecimal():
        return show_money(int(value), "zh-hans", exact=True).replace(THIN, "")
    if field.sort == "yes_no":
        return {"yes": "是", "no": "否"}.get(str(value), value)
    names = {option.code: option.name for option in field.options}
    return names.get(str(value), value) if field.sort == "choice" else value


def _date(_field: Field, text: str) -> str:
    day = parse_date(text)
    return day.isoformat() if day else ""


def _credit_code(field: Field, text: str) -> str:
    code = codes.read_credit_code(text)
    if isinstance(code, codes.OldNumber):
        raise Refused(
            _("This is an old registration number; type the unified credit code of 18 signs."),
            field=field.code,
        )
    return code.code if code else ""


def read_phone(text: str, field: str = "contact_phone") -> str:
    """A telephone number as people type it, as digits."""
    bare = re.sub(r"[\s\-()（）]", "", reading.tidy(text))
    if not _PHONE.fullmatch(bare):
        raise Refused(
            _("Type a telephone number with its area code, such as 13900000001."), field=field
        )
    return bare


def _phone(field: Field, text: str) -> str:
    return read_phone(text, field.code)


def _choice(field: Field, text: str) -> str:
    by_name = {option.name: option.code for option in field.options}
    codes_known = {option.code for option in field.options}
    chosen = text if text in codes_known else by_name.get(text)
    if chosen is None:
        raise Refused(_("Choose one of the list."), field=field.code)
    return chosen


def _yes_no(field: Field, text: str) -> str:
    word = text.casefold()
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise Refused(_("Choose yes or no."), field=field.code)


_READERS = {
    "number": _number,
    "money": _money,
    "date": _date,
    "credit_code": _credit_code,
    "phone": _phone,
    "choice": _choice,
    "yes_no": _yes_no,
}


# Answers to the questions -------------------------------------------------------------------


def read_answers(definition: Definition, given: Mapping[str, object]) -> dict[str, Any]:
    """Answers to the scenario's questions; what is no answer of its question is refused."""
    known = {one.code: one for one in definition.questions}
    answers: dict[str, Any] = {}
    for code, value in given.items():
        question = known.get(code)
        if question is None:
            raise Refused(
                _("There is no question “%(code)s” here.") % {"code": str(code)[:40]},
                field=str(code)[:60],
            )
        answers[code] = read_answer(question, value)
    return answers


def read_answer(question: Question, value: object) -> bool | str | list[str]:
    """One answer: yes or no, a code, or a list of codes in the order they are offered."""
    if question.answer == Answer.YES_NO:
        return _is_yes(question, value)
    options = [option.code for option in question.options]
    if question.answer == Answer.ONE:
        if not isinstance(value, str) or value not in options:
            raise Refused(_("Choose one of the list."), field=question.code)
        return value
    chosen = value if isinstance(value, list) else [value]
    if any(one not in options for one in chosen):
        raise Refused(_("Choose from the list."), field=question.code)
    # An empty list is an answer: none of them.
    return [one for one in options if one in chosen]


def _is_yes(question: Question, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Refused(_("Choose yes or no."), field=question.code)
