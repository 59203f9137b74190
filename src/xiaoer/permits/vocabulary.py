"""The words a pack's rule is written in: the values of the pack, as they stand in the zone."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import pyarrow as pa

from xiaoer.base.words import Word
from xiaoer.permits.automatic.packs import SUBJECT, read_terms
from xiaoer.permits.models import AutoPack


class PackWords:
    """Lends the words of one pack. A pack has no list of subjects: each application comes alone."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.code = subject.removeprefix(SUBJECT)

    def words(self, zone_id: int) -> Sequence[Word]:
        pack = AutoPack.objects.filter(zone_id=zone_id, code=self.code).only("body").first()
        return read_terms(pack.body).words() if pack else ()

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        return pa.table({"id": pa.array([], pa.int64())})
