"""The e-file of a case: every paper with an index, in one archive, kept for good."""

import csv
import io
import zipfile
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.sniffing import Sort
from xiaoer.permits import case_access as access
from xiaoer.permits.actions.case_rows import locked_case, matter_of, tell
from xiaoer.permits.models import Case
from xiaoer.permits.typed import on_paper
from xiaoer.permits.wording import read_definition
from xiaoer.web import words
from xiaoer.work import actions as work

ZIP = Sort("application/zip", "zip")
LARGEST = 400 * 1024 * 1024
"""Of one e-file, before it is packed; a case that is larger is archived on the zone's own disks."""


@transaction.atomic
def archive(*, by: Actor, now: datetime, case: Case) -> Case:
    """Put a closed case to the files: its papers, notices and licences with an index and its whole
    record, as one archive. Its matter leaves the zone's hands."""
    row = locked_case(by, case)
    access.must_accept(by, row)
    if row.closed_at is None:
        raise Refused(
            _("Case %(number)s is %(state)s; it is archived when it is over.")
            % {"number": row.number, "state": Case.State(row.state).label}
        )
    if row.archived_at is not None:
        raise Refused(_("It was archived on %(day)s.") % {"day": words.full_day(row.archived_at)})
    row.archive = _pack(row, by=by, now=now)
    row.archived_at = now
    row.version += 1
    row.save(update_fields=["archive", "archived_at", "version"])
    tell(row, "archive_case", by=by, now=now)
    matter = matter_of(row)
    if matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=matter)
    return row


def _pack(case: Case, *, by: Actor, now: datetime) -> StoredFile:
    stream = io.BytesIO()
    index = io.StringIO()
    lines = csv.writer(index)
    lines.writerow(["序号", "名称", "文件", "SHA-256"])
    total = 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, (name, file) in enumerate(_papers(case), 1):
            total += file.size
            if total > LARGEST:
                raise Refused(_("The papers of this case are too large for one archive."))
            inside = f"{number:03d}{_ending(file)}"
            packed.writestr(inside, files.bytes_of(file))
            lines.writerow([number, name, inside, file.sha256])
        packed.writestr("目录.csv", "\ufeff" + index.getvalue())
        packed.writestr("申请信息.csv", "\ufeff" + _form(case))
        packed.writestr("办件记录.csv", "\ufeff" + _record(case))
    stream.seek(0)
    return files.keep_file(
        by=by, now=now, stream=stream, name=f"{case.number}.zip", look=lambda *_: ZIP, limit=LARGEST
    )


def _papers(case: Case) -> list[tuple[str, StoredFile]]:
    """What was given, what was told, what was granted."""
    found: list[tuple[str, StoredFile]] = []
    for one in case.materials.select_related("paper__file", "file").order_by("order", "id"):
        file = one.paper.file if one.paper else one.file
        if file is not None:
            found.append((one.name, file))
    for notice in case.notices.select_related("file", "item").order_by("id"):
        if notice.file is not None:
            name = notice.get_kind_display() + (f" {notice.item.name}" if notice.item else "")
            found.append((name, notice.file))
    for item in case.items.select_related("licence__file").order_by("order"):
        if item.licence is not None and item.licence.file is not None:
            found.append((f"{item.name} {item.licence.number}", item.licence.file))
    return found


def _form(case: Case) -> str:
    """What was applied for, as it was stated, and where each datum came from."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["项目", "内容", "来源"])
    lines.writerow(["申请人", case.applicant_name, ""])
    lines.writerow(["联系人", f"{case.contact_name} {case.contact_phone}".strip(), ""])
    fields = read_definition(case.thing_version.body).fields
    said = on_paper(fields, case.form)
    for one in fields:
        if said.get(one.code) not in (None, ""):
            lines.writerow([one.name, said[one.code], case.form_sources.get(one.code, "")])
    return text.getvalue()


def _ending(file: StoredFile) -> str:
    return {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}.get(
        file.media_type, ".bin"
    )


def _record(case: Case) -> str:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["时间", "事项", "行为", "谁", "内容"])
    for event in case.events.select_related("item").order_by("id").iterator(chunk_size=1000):
        lines.writerow(
            [
                words.moment(event.at),
                event.item.name if event.item else "",
                event.verb,
                event.who,
                str(event.detail.get("words", "")),
            ]
        )
    return text.getvalue()
