"""What a sheet of a shared register says: one entry a row, under the register's own fields.

No database here. One row that cannot be read refuses the whole sheet: a register that is whole but
for one row would say “not listed” of that row.
"""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, clean_table, find_header, read_table
from xiaoer.permits.actions.pack_seeds import EntryFacts
from xiaoer.permits.models import SharedRegister

MOST = 50_000
FLAGS = {"是": True, "否": False, "有": True, "无": False, "yes": True, "no": False}
KINDS = {"number": "decimal", "day": "date", "flag": "choice"}


def fields_of(register: SharedRegister) -> tuple[Field, ...]:
    """The columns wanted: the key, a name, the register's own fields, from and until."""
    own = tuple(
        Field(
            f"own_{one['code']}",
            one["name"],
            one["name_en"] or one["code"],
            (one["code"],),
            kind=KINDS.get(one["kind"], "text"),
            choices=FLAGS if one["kind"] == "flag" else None,
            max_length=None if one["kind"] in KINDS else 200,
        )
        for one in register.fields
    )
    return (
        Field("key", register.key_name, "Key", ("编号", "名录", "key", "主键"), required=True, max_length=120),
        Field("name", "名称", "Name", ("单位名称", "企业名称"), max_length=120),
        *own,
        Field("valid_from", "有效期起", "Valid from", ("起始日期", "生效日期"), kind="date"),
        Field("valid_until", "有效期止", "Valid until", ("有效期至", "截止日期", "到期日期"), kind="date"),
    )  # fmt: skip


def read_entries(path: Path, register: SharedRegister) -> list[EntryFacts]:
    """The entries of a sheet, every one of them or a refusal that names the row."""
    wanted = fields_of(register)
    table = read_table(path, wanted=wanted)
    cleaned = clean_table(table, find_header(table.rows, wanted), {})
    if cleaned.read > MOST:
        raise Refused(
            _("The sheet has more than %(most)s rows; bring it in in parts.") % {"most": MOST},
            field="sheet",
        )
    rejected = set(cleaned.rejected)
    for problem in cleaned.problems:
        if problem.row_no in rejected:
            raise Refused(
                _("Row %(row)d: %(reason)s Mend it; a register is brought in whole or not at all.")
                % {"row": problem.row_no, "reason": problem.reason},
                field="sheet",
            )
    keys = [one.key for one in cleaned.fields]
    found = [_entry(dict(zip(keys, values, strict=True)), register) for values in cleaned.rows()]
    if not found:
        raise Refused(_("The sheet holds no entry; check its first row."), field="sheet")
    return found


def _entry(said: dict[str, Any], register: SharedRegister) -> EntryFacts:
    content: dict[str, str | float | bool | None] = {}
    for one in register.fields:
        value = said.get(f"own_{one['code']}")
        if value in (None, ""):
            continue
        if isinstance(value, bool | str):
            content[one["code"]] = value
        elif isinstance(value, date):
            content[one["code"]] = value.isoformat()
        else:
            content[one["code"]] = float(value)
    return EntryFacts(
        key=str(said["key"]),
        name=str(said.get("name") or ""),
        content=content,
        valid_from=said.get("valid_from"),
        valid_until=said.get("valid_until"),
    )
