"""What the base's API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xiaoer.base.models import Office, Role

LARGEST = 9223372036854775807  # what PostgreSQL's bigint holds
Number = Annotated[int, Field(ge=1, le=LARGEST)]
# Days beyond these are slips of the hand, and some overflow when counted on.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
# PostgreSQL keeps every sign but NUL.
_NO_NUL = r"^[^\u0000]*$"
Code = Annotated[str, StringConstraints(max_length=30, strip_whitespace=True, pattern=_NO_NUL)]
Word = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True, pattern=_NO_NUL)]
Phrase = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True, pattern=_NO_NUL)]
NameEn = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True, pattern=_NO_NUL)]
Table = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]


class PortionIn(Schema):
    """A portion of a list: so many, after so many."""

    size: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=100_000)


class ZoneOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    region_code: str
    complaint_phone: str


class HeldOut(Schema):
    """A post the asker's account may act in today."""

    post_id: int
    zone_id: int | None
    role: Role
    office_id: int | None
    office: str
    is_lead: bool
    party_ref: int | None


class MeOut(Schema):
    """Who asks: the post of this request, and all posts of the account."""

    account_id: int
    person_id: int | None
    name: str
    post_id: int
    posts: list[HeldOut]


class PostOut(Schema):
    id: int
    person_id: int
    person: str
    office_id: int | None
    office: str | None
    role: Role
    title: str
    is_lead: bool
    since: date
    until: date | None


class AccountOut(Schema):
    username: str
    is_open: bool
    must_change: bool
    last_sign_in: datetime | None


class PersonOut(Schema):
    """A person with today's posts; ``account`` is null where there is none."""

    id: int
    version: int
    name: str
    name_en: str
    work_no: str
    phone: str
    left_on: date | None
    posts: list[PostOut]
    account: AccountOut | None


class PeopleIn(PortionIn):
    """The filters of the page; ``state`` left out means whoever has not left."""

    words: Word = ""
    office: Number | None = None
    role: Role | None = None
    state: Literal["none", "noaccount", "left"] | None = None


class PersonIn(Schema):
    name: Word
    name_en: NameEn = ""
    phone: Code = ""
    work_no: Code = ""


class PersonChangeIn(PersonIn):
    """``version`` is that of the person as it was read; what is left out becomes empty."""

    version: Number


class LeaveIn(Schema):
    on: Day


class UsernameIn(Schema):
    username: Word


class PasswordOut(Schema):
    """``password`` is nowhere else, not given again, and must be changed at the first sign-in."""

    person_id: int
    username: str
    password: str


class OfficeOut(Schema):
    id: int
    version: int
    kind: Office.Kind
    name: str
    name_en: str
    purpose: str
    order: int
    since: date | None
    until: date | None


class LeadOut(Schema):
    id: int
    name: str


class OfficeRowOut(OfficeOut):
    """An office of the list, with who leads it and how many posts it has today."""

    leads: list[LeadOut]
    posts: int
    is_open: bool


class OfficesIn(Schema):
    kind: Office.Kind | None = None
    closed: bool = False


class OfficeFactsIn(Schema):
    name: Word
    name_en: NameEn = ""
    purpose: Line = ""
    order: Annotated[int, Field(ge=0, le=999)] = 0
    since: Day | None = None
    until: Day | None = None


class OfficeIn(OfficeFactsIn):
    kind: Office.Kind = Office.Kind.DEPARTMENT


class OfficeChangeIn(OfficeFactsIn):
    """``version`` is that of the office as it was read; what is left out becomes empty."""

    version: Number


class UntilIn(Schema):
    """The last day."""

    until: Day


class PostsIn(PortionIn):
    """Posts held on a day, today when left out."""

    on: Day | None = None
    office: Number | None = None
    person: Number | None = None


class PostIn(Schema):
    """``since`` is today when left out."""

    person_id: Number
    office_id: Number
    role: Role
    title: Word = ""
    is_lead: bool = False
    since: Day | None = None
    until: Day | None = None


class MoveIn(Schema):
    office_id: Number


class DeputyIn(Schema):
    """``deputy_id`` is the post that stands in; both days are included."""

    deputy_id: Number
    since: Day
    until: Day
    reason: Phrase = ""


class DeputyOut(Schema):
    id: int
    post_id: int
    deputy_id: int
    deputy: str
    since: date
    until: date
    reason: str


class TokenOut(Schema):
    """A token without its key, which is not kept."""

    id: int
    name: str
    scopes: list[str]
    post_ref: int
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class TokenIn(Schema):
    name: Word
    scopes: Annotated[list[Literal["read", "write"]], Field(max_length=2)]
    days: Annotated[int, Field(ge=1, le=366)]


class NewTokenOut(Schema):
    """``key`` is sent as ``Authorization: Bearer …``; it is not given again."""

    token: TokenOut
    key: str


class TrailIn(Schema):
    """The filters of the page; ``after`` is the last line read, older ones follow."""

    words: Word = ""
    verb: Word = ""
    subject_type: Table | None = None
    subject_id: Number | None = None
    first: Day | None = None
    last: Day | None = None
    after: Number | None = None
    size: int = Field(50, ge=1, le=500)


class TrailLineOut(Schema):
    """One act; ``subject`` and ``details`` are its words in the reader's language. ``position`` and ``seal`` are null until it is sealed."""

    id: int
    at: datetime
    who: str
    post: str
    verb: str
    act: str
    subject_type: str
    subject_id: int
    subject: str
    details: str
    detail: dict[str, Any]
    position: int | None
    seal: str | None


class TrailOut(Schema):
    """``after`` leads to the older lines; null at the end."""

    lines: list[TrailLineOut]
    after: int | None


class SealOut(Schema):
    """How far the chain reaches, and how many lines wait for the next seal."""

    position: int | None
    head: str | None
    sealed_at: datetime | None
    waiting: int


class SightOut(Schema):
    """``seen`` and ``there`` are counted up to ``enough``; ``seen`` is null: nothing may be read."""

    table: str
    name: str
    seen: int | None
    there: int
    why: str
    may: str


class OnlookerOut(Schema):
    who: str
    why: str


class RightsOut(Schema):
    database_role: str
    reasons: list[str]
    sights: list[SightOut]
    open_lists: list[str]
    onlookers: list[OnlookerOut]
    misses: int
    enough: int


class AttachmentOut(Schema):
    """A paper of a record; ``is_shown``: the party the record is about sees it too."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    pinned_at: datetime
    is_shown: bool


class ComplaintPhoneIn(Schema):
    phone: Code
    before: Code


class ComplaintPhoneOut(Schema):
    complaint_phone: str
