"""What is known before anybody types: from the registry, papers, answers and earlier cases."""

from dataclasses import dataclass
from typing import Any

from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import typed
from xiaoer.permits.definition import Definition, Field, Source
from xiaoer.permits.models import Case
from xiaoer.permits.queries import applying as queries
from xiaoer.projects.models import Project

# Columns of the registry a form may be filled from; nothing internal is among them.
COLUMNS = frozenset(
    {
        "name",
        "credit_code",
        "industry",
        "capital_fen",
        "registered_on",
        "address",
        "business",
        "legal_representative",
        "contact_name",
        "contact_phone",
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """A value and where it is from.

    ``registry``, ``paper:kind.field``, ``answer``, ``record:number`` or ``project``.
    """

    value: str
    source: str


def known_values(row: Case, definition: Definition, *, by: Actor) -> dict[str, Known]:
    """Values by field. A stranger gets nothing out of the registry or of earlier
    cases, nor does an agent: what it may know stands in the case already."""
    wanted = {one.code: one for one in definition.fields if one.source != Source.TYPED}
    if not wanted:
        return {}
    may_know = row.party is not None and (
        by.is_staff or (not by.key and by.party_ref == row.party_id)
    )
    papers = queries.read_off_papers(row) if _uses(wanted, Source.PAPER) else {}
    earlier = queries.earlier_form(row) if may_know and _uses(wanted, Source.RECORD) else ("", {})
    found: dict[str, Known] = {}
    for code, field in wanted.items():
        known = _known(field, row, papers, earlier, may_know=may_know)
        if known is not None:
            found[code] = known
    return found


def project_values(definition: Definition, project: Project) -> dict[str, Known]:
    """What a project says of the fields every form calls alike, whatever else fills them."""
    said = {
        "project_name": project.name,
        "project_code": project.code,
        "parcel": project.place,
        "site_address": project.place,
        "total_yuan": project.total_fen,
    }
    found = {
        one.code: _fit(one, said[one.code], "project")
        for one in definition.fields
        if one.code in said
    }
    return {code: known for code, known in found.items() if known is not None}


def _uses(fields: dict[str, Field], source: Source) -> bool:
    return any(one.source == source for one in fields.values())


def _known(
    field: Field,
    row: Case,
    papers: dict[str, str],
    earlier: tuple[str, dict[str, Any]],
    *,
    may_know: bool,
) -> Known | None:
    if field.source == Source.ANSWER:
        answer = row.answers.get(field.source_key)
        return _fit(field, answer, "answer") if not isinstance(answer, list) else None
    if field.source == Source.PAPER:
        return _fit(field, papers.get(field.source_key), f"paper:{field.source_key}")
    if field.source == Source.RECORD:
        number, form = earlier
        return _fit(field, form.get(field.source_key or field.code), f"record:{number}")
    if may_know and field.source_key in COLUMNS:
        return _fit(field, getattr(row.party, field.source_key), "registry")
    return None


def _fit(field: Field, value: object, source: str) -> Known | None:
    """A known value, if it is a value of the field; what does not fit is asked for instead."""
    if value is None or value == "":
        return None
    text = value if isinstance(value, bool) else str(value)
    if field.sort == "money":
        # Kept in fen by the registry and by earlier cases; papers are read in yuan.
        text = f"{value}元" if source.startswith("paper:") else str(typed.yuan_of(value)) + "元"
    try:
        read = typed.read_field(field, text)
    except (Refused, Unreadable):
        return None
    return Known(read, source) if read else None
