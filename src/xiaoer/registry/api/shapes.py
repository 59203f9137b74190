"""What the registry's API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xiaoer.registry.models import Party, PartyName, Stewardship

LARGEST = 9223372036854775807  # what PostgreSQL's bigint holds
Number = Annotated[int, Field(ge=1, le=LARGEST)]
# PostgreSQL keeps every sign but NUL.
_NO_NUL = r"^[^\u0000]*$"
Word = Annotated[str, StringConstraints(max_length=60, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=_NO_NUL)]
Order = Literal["name", "-name", "registered_on", "-registered_on", "capital", "-capital"]


class FilterIn(Schema):
    """The filters of the list, as the page has them."""

    text: Word = ""
    grid: Number | None = None
    cell: Number | None = None
    park: Number | None = None
    officer: Number | None = None
    section: Annotated[str, StringConstraints(pattern=r"^[A-T]?$")] = ""
    industry: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,4}$")] = ""
    status: Party.Status | None = None
    monitoring: bool = False
    no_steward: bool = False
    outside: bool = False
    sort: Order = "name"
    after: Word | None = None


class EnterpriseRowOut(Schema):
    id: int
    name: str
    credit_code: str
    kind: str
    status: str
    section: str
    industry: str
    capital_fen: int | None
    capital_currency: str
    registered_on: date | None
    park: str | None
    grid: str | None
    cell_id: int | None
    cell: str | None
    officer: str | None
    is_monitoring: bool


class EnterprisePageOut(Schema):
    """``after`` leads to the next page. ``total`` is exact unless ``is_capped``."""

    rows: list[EnterpriseRowOut]
    after: str | None
    total: int
    is_capped: bool


class FoundOut(Schema):
    """``tier``: 1 head of the name, 2 inside it, 3 initials, 4 code, 5 its officer."""

    id: int
    name: str
    credit_code: str
    cell: str | None
    status: str
    tier: int


class StewardOut(Schema):
    post_id: int
    name: str
    office: str
    title: str
    kind: str
    since: date
    masked_phone: str | None


class EnterpriseOut(Schema):
    """One party; the contact's number is masked, see ``…/phone``."""

    id: int
    version: int
    name: str
    kind: str
    status: str
    credit_code: str
    old_register_no: str
    section: str
    industry: str
    capital_fen: int | None
    capital_currency: str
    registered_on: date | None
    address: str
    business: str
    legal_representative: str
    contact_name: str
    masked_phone: str | None
    park_id: int | None
    cell_id: int | None
    merged_into_id: int | None
    former_names: list[str]
    short_names: list[str]
    monitoring_since: date | None
    stewards: list[StewardOut]


class FactsIn(Schema):
    """Facts of a party; what is left out or null stays as it is."""

    name: Name | None = None
    kind: Party.Kind | None = None
    credit_code: Word | None = None
    industry: Word | None = None
    status: Party.Status | None = None
    capital_fen: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    capital_currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    registered_on: date | None = None
    address: Line | None = None
    business: Text | None = None
    legal_representative: Word | None = None
    contact_name: Word | None = None
    contact_phone: Annotated[str, StringConstraints(max_length=40, pattern=_NO_NUL)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    park_id: Number | None = None


class PartyIn(FactsIn):
    """A new party; with ``cell_id`` it is at once an enterprise of the zone."""

    name: Name
    cell_id: Number | None = None


Emptied = Literal[
    "credit_code", "industry", "capital_fen", "registered_on", "address", "business",
    "legal_representative", "contact_name", "contact_phone", "longitude", "latitude", "park",
]  # fmt: skip


class ChangeIn(FactsIn):
    """``version`` is that of the party as it was read; ``emptied`` names facts no longer known."""

    version: Number
    emptied: list[Emptied] = []


class NameIn(Schema):
    name: Name
    kind: PartyName.Kind


class CellIn(Schema):
    cell_id: Number


class StewardIn(Schema):
    """``since`` is today when left out; the steward before stops that day."""

    post_id: Number
    kind: Stewardship.Kind = Stewardship.Kind.OFFICER
    since: date | None = None


class KindIn(Schema):
    kind: Stewardship.Kind


class CloseIn(Schema):
    status: Literal["moved_out", "revoked", "cancelled"]
    reason: Line


class PhoneOut(Schema):
    phone: str


class HistoryLineOut(Schema):
    id: int
    at: datetime
    who: str
    verb: str
    detail: dict[str, Any]


class MovingOut(Schema):
    table: str
    count: int
    ended: int


class MergePreviewOut(Schema):
    kept_id: int
    duplicate_id: int
    moving: list[MovingOut]


class MergeIn(Schema):
    duplicate_id: Number


class DutyOut(Schema):
    id: int
    post_id: int
    name: str
    office: str


class CellOut(Schema):
    id: int
    code: str
    name: str
    grid_id: int
    grid: str
    enterprises: int
    without_officer: int
    duties: list[DutyOut]


class GridOut(Schema):
    id: int
    code: str
    name: str
    enterprises: int
    without_officer: int
    officers: int
    cells: list[CellOut]


class ParkOut(Schema):
    id: int
    code: str
    name: str
    operator: str | None
    enterprises: int
    has_outline: bool


class PlaceIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=_NO_NUL)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_NO_NUL)]


class NewCellIn(PlaceIn):
    grid_id: Number


class PlaceOut(Schema):
    id: int
    code: str
    name: str


class OutlinesOut(Schema):
    matched: list[str]
    unknown: list[str]


class DutyIn(Schema):
    post_id: Number
    since: date | None = None


class CaseloadOut(Schema):
    post_id: int
    name: str
    office: str
    title: str
    role: str
    as_officer: int
    as_deputy: int
    as_leader: int
    cells: int
    total: int


class MonitoringOut(Schema):
    party_id: int
    name: str
    since: date


class HandOverIn(Schema):
    """Without ``party_ids`` the whole caseload changes hands."""

    giver_id: Number
    taker_id: Number
    party_ids: list[Number] | None = None


class HandOverOut(Schema):
    """``line_id`` takes it back."""

    line_id: int
    party_ids: list[int]


class CodeOut(Schema):
    """The one-time code; it is nowhere else and not given again."""

    code: str


class AskIn(Schema):
    code: Word
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_NO_NUL)]
    phone: Annotated[str, StringConstraints(max_length=40, pattern=_NO_NUL)]
    title: Word = ""


class AskedOut(Schema):
    state: str


class RepresentationOut(Schema):
    id: int
    party_id: int
    name: str
    title: str
    masked_phone: str | None
    state: str
    asked_at: datetime
    decided_at: datetime | None
    reason: str


class NewRepresentativeOut(Schema):
    """``username`` and ``password`` are empty when the person had an account; not given again."""

    id: int
    username: str
    password: str


class ReasonIn(Schema):
    reason: Line = ""
