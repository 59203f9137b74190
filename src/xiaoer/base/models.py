"""Tables of the base: who there is, in which capacity they act, what was done."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """In which capacity a post acts (product.md section 1)."""

    GRID_OFFICER = "grid_officer", _("grid officer")
    STEWARD = "steward", _("steward")
    ZONE_LEADER = "zone_leader", _("zone leader")
    SERVICE_DESK = "service_desk", _("enterprise service desk")
    DEPARTMENT = "department", _("department")
    ECONOMY = "economy", _("economic operations")
    PROJECT = "project", _("project team")
    INVESTMENT = "investment", _("investment promotion")
    APPROVAL = "approval", _("approval bureau")
    INNOVATION = "innovation", _("innovation centre")
    FINANCE = "finance", _("finance office")
    EXCHANGE = "exchange", _("exchange centre")
    ENVIRONMENT = "environment", _("discipline and environment office")
    STATISTICS = "statistics", _("statistics")
    ADMINISTRATOR = "administrator", _("administrator")
    ENTERPRISE = "enterprise", _("enterprise")
    PARK_OPERATOR = "park_operator", _("park operator")
    PARTY = "party", _("party")
    BANK = "bank", _("bank")
    INSTITUTE = "institute", _("institute")
    EXPERT = "expert", _("expert")
    OBSERVER = "observer", _("observer")
    CITY = "city", _("city")


# Everyone who is not staff of a zone sees only their own rows; the database knows them by one role.
OUTSIDE_ROLES = frozenset(
    {
        Role.ENTERPRISE,
        Role.PARK_OPERATOR,
        Role.PARTY,
        Role.BANK,
        Role.INSTITUTE,
        Role.EXPERT,
        Role.OBSERVER,
    }
)
STAFF_ROLES = frozenset(set(Role) - OUTSIDE_ROLES - {Role.CITY})


class City(models.Model):
    """市: the city above the zones."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "city"

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """开发区: one zone. Its name is public; everything else under it is guarded."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="zones")
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    region_code = models.CharField(max_length=6, blank=True, help_text="GB/T 2260")
    complaint_phone = models.CharField(max_length=30, blank=True)

    class Meta:
        db_table = "zone"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Installation(models.Model):
    """One row: what this database is. Demo mode refuses a database that is not a demo database."""

    is_demo = models.BooleanField()
    opened_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True, blank=True)
    backed_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "installation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="installation_is_one_row"),
        ]

    def __str__(self) -> str:
        return "demo" if self.is_demo else "real"


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by verbs; this only satisfies Django's sign-in."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """账号: a password. Apart from the person, so that it can be read before a scope opens."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    joined_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        db_table = "account"

    def __str__(self) -> str:
        return self.username


class Office(models.Model):
    """办公室: a department, command office (指挥部), task force (专班) or outside body of a zone."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("department")
        COMMAND = "command", _("command office")
        TASK_FORCE = "task_force", _("task force")
        PARK_BODY = "park_body", _("park body")
        OUTSIDE = "outside", _("outside body")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DEPARTMENT)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "office"
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone", "name"], name="office_name_once_in_zone"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """人: a name with a telephone. Works in a zone, or in the city when ``zone`` is empty."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", null=True)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="people", null=True, blank=True
    )
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    work_no = models.CharField(max_length=30, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    left_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "person"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["zone", "work_no"],
                condition=~Q(work_no=""),
                name="person_work_no_once_in_zone",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: a person in an office in one capacity, from a date to a date. A person may hold several.

    ``party_ref`` is the number of the party an outside post speaks for. A plain number, because
    parties live in a higher room; the scope compares it with each row's own party.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="posts", null=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    title = models.CharField(max_length=60, blank=True)
    is_lead = models.BooleanField(default=False)
    party_ref = models.BigIntegerField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "post"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="post_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.ENTERPRISE) | Q(party_ref__isnull=False),
                name="post_of_an_enterprise_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Deputy(models.Model):
    """代理: who answers for a post while its holder is away; both days included."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputising")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "deputy"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="deputy_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(post=F("deputy")), name="deputy_is_someone_else"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.post_id}"


class JournalLine(models.Model):
    """留痕: one line for every verb. Only added to; sealed later, in commit order, by a job."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    who = models.CharField(max_length=120, help_text="name and office as they were at that moment")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    party_ref = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    txid = models.BigIntegerField(
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.TextField()),
            models.BigIntegerField(),
        )
    )

    class Meta:
        db_table = "journal_line"
        indexes: ClassVar = [
            models.Index(
                fields=["zone", "subject_type", "subject_id", "id"], name="journal_subject"
            ),
            models.Index(fields=["zone", "-id"], name="journal_latest"),
            models.Index(fields=["zone", "who", "-id"], name="journal_by_whom"),
            models.Index(fields=["txid", "id"], name="journal_commit_order"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.verb} {self.subject_type} {self.subject_id}"


class JournalSeal(models.Model):
    """封签: the hash that ties a journal line to all lines before it in its zone (0: the city)."""

    zone_ref = models.IntegerField(help_text="zone number; 0 for lines of no zone")
    position = models.BigIntegerField()
    line = models.OneToOneField(
        JournalLine, on_delete=models.PROTECT, related_name="seal", db_constraint=False
    )
    txid = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "journal_seal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone_ref", "position"], name="seal_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.zone_ref}/{self.position}"


class AccessMiss(models.Model):
    """越界记录: an address asked for that is not there for the asker. Survives the rollback."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="misses")
    post_ref = models.BigIntegerField(null=True)
    zone_ref = models.IntegerField(null=True)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "access_miss"
        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="miss_by_account")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class OnceKey(models.Model):
    """一次键: what is sent twice has one result; the second sender gets the first's answer.

    A form is led to an address; a call of the API gets the same status and body, if it asked the
    same. Both may hold a secret link or a password, so they are kept sealed (``envelopes``), and
    forgotten after a day.
    """

    key = models.UUIDField(unique=True)
    answer = models.TextField(blank=True)
    asked = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="SHA-256 of the call"
    )
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "once_key"

    def __str__(self) -> str:
        return str(self.key)


class StoredFile(models.Model):
    """文件: bytes kept once under their SHA-256; what they are was sniffed, not believed."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    kept_at = models.DateTimeField(db_default=Now())
    signs = models.JSONField(
        default=list, db_default=[], blank=True, help_text="[codes] noticed on arrival"
    )

    class Meta:
        db_table = "stored_file"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone", "sha256"], name="file_kept_once_in_zone"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """附件: a stored file pinned to a thing of any room, with the name it came under."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    party_ref = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    pinned_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    pinned_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "attachment"
        indexes: ClassVar = [
            models.Index(fields=["zone", "subject_type", "subject_id"], name="attachment_subject"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """接口令牌: a key for another system, held by a post, limited to scopes, with an end."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    post_ref = models.BigIntegerField()
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return self.name
