"""签名 Signing: a reliable signature (PAdES) under every paper that leaves, by the installation's key.

The key lies in one file that nobody but the owner of the process reads, outside the database and
outside its backups. It is decoded once: pyHanko's own signer decodes it for every signature, which
costs four times the signature. With a time-stamp service set, the signature also holds when the
certificate has run out (B-LT); without one it is B-B.

An electronic licence of the national system is OFD under an SM2 seal, which only the platform of the
province can give (``seals``). What is signed here is a notice, or the copy of a licence.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from xiaoer.base.refusals import Refused

FIELD = "Xiaoer"
MOST_KEY_BYTES = 64 * 1024
YEARS = 5
TIMESTAMP_SECONDS = 5

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed paper and the fingerprint (SHA-256) of the certificate it was signed by."""

    pdf: bytes
    fingerprint: str


@dataclass(frozen=True)
class Keyholder:
    """The key and its certificates, decoded."""

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]

    @cached_property
    def fingerprint(self) -> str:
        return self.chain[0].fingerprint(hashes.SHA256()).hex()

    @cached_property
    def signer(self) -> "_Signer":
        return _Signer(self)

    def holds(self, now: datetime) -> bool:
        own = self.chain[0]
        return own.not_valid_before_utc <= now <= own.not_valid_after_utc

    @property
    def name(self) -> str:
        """Whom the certificate names."""
        names = self.chain[0].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""


class _Signer(signers.Signer):
    """pyHanko's signer, with a key that stays decoded."""

    def __init__(self, held: Keyholder) -> None:
        own, *others = (_asn1(one) for one in held.chain)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # of pyHanko
        store.register_multiple(others)
        super().__init__(signing_cert=own, cert_registry=store)
        self._key = held.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


# Signing -----------------------------------------------------------------------------------------


def sign(pdf: bytes, *, reason: str, now: datetime) -> Signed:
    """The same paper under the installation's signature; refused where there is no fit key."""
    held = must_hold(now)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        name=held.name,
        embed_validation_info=bool(settings.TIMESTAMP_URL),
        validation_context=_context(held) if settings.TIMESTAMP_URL else None,
        signer_key_usage={"digital_signature"},
    )
    clock = (
        HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=TIMESTAMP_SECONDS)
        if settings.TIMESTAMP_URL
        else None
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    try:
        signer = signers.PdfSigner(meta, held.signer, timestamper=clock)
        # The library begins an event loop of its own, which a thread that has one refuses.
        with ThreadPoolExecutor(1) as apart:
            done = apart.submit(signer.sign_pdf, writer).result()
    except TimestampRequestError as error:
        raise Refused(
            _(
                "The time-stamp service did not answer, so nothing was signed and nothing issued."
                " Try again; if it stays away, an administrator checks XIAOER_TIMESTAMP_URL."
            )
        ) from error
    return Signed(done.getvalue(), held.fingerprint)


def _context(held: Keyholder) -> ValidationContext:
    """Whom a time stamp and our own certificate are judged by: the roots the zone named, and ours."""
    roots = [held.chain[-1], *_trusted()]
    return ValidationContext(trust_roots=[_asn1(one) for one in roots], allow_fetching=True)


def _trusted() -> list[x509.Certificate]:
    if not settings.TRUST_FILE:
        return []
    return x509.load_pem_x509_certificates(Path(settings.TRUST_FILE).read_bytes())


# The key -----------------------------------------------------------------------------------------


def is_ready() -> bool:
    """Whether a paper could be signed now."""
    return problem(datetime.now(UTC)) == ""


def problem(now: datetime) -> str:
    """Why nothing can be signed, with the next step; empty: all is well."""
    try:
        must_hold(now)
    except Refused as refusal:
        return str(refusal)
    return ""


def must_hold(now: datetime) -> Keyholder:
    """The key, or a refusal that names what to do."""
    place = key_file()
    try:
        status = place.stat()
    except FileNotFoundError:
        raise Refused(
            _(
                "There is no signing key, and no unsigned paper leaves this house. An administrator"
                " makes one with “xiaoer make_signing_key”, or brings the zone's own with --from."
            )
        ) from None
    if status.st_mode & 0o077:
        raise Refused(
            _(
                "Others on this machine can read the signing key, so it is not used. An administrator"
                " sets its rights to 0600, or makes a new one with “xiaoer make_signing_key --replace”."
            )
        )
    held = _kept(place, (status.st_ino, status.st_mtime_ns, status.st_size))
    if not held.holds(now):
        raise Refused(
            _(
                "The certificate of the signing key holds from %(from)s to %(to)s. An administrator"
                " makes a new one with “xiaoer make_signing_key --replace”."
            )
            % {
                "from": held.chain[0].not_valid_before_utc.date(),
                "to": held.chain[0].not_valid_after_utc.date(),
            }
        )
    return held


def key_file() -> Path:
    return Path(settings.SIGNING_FILE)


_lock = threading.Lock()
_last: tuple[Path, tuple[int, int, int], Keyholder] | None = None


def _kept(place: Path, sign_of: tuple[int, int, int]) -> Keyholder:
    """The key decoded, anew only when its file is another."""
    global _last
    with _lock:
        if _last is None or _last[:2] != (place, sign_of):
            _last = (place, sign_of, _read(place))
        return _last[2]


def _read(place: Path) -> Keyholder:
    try:
        data = place.read_bytes()
        return _fit(load_pem_private_key(data, None), x509.load_pem_x509_certificates(data))
    except (ValueError, TypeError, PermissionError) as error:
        raise Refused(
            _(
                "The signing key cannot be read: %(why)s. An administrator brings it back from its"
                " own copy, or makes a new one with “xiaoer make_signing_key --replace”."
            )
            % {"why": error}
        ) from error


def _fit(key: object, chain: list[x509.Certificate]) -> Keyholder:
    """A key we can sign with, and the certificate that belongs to it first."""
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise ValueError(_("only RSA and elliptic-curve keys are used here"))
    own = [one for one in chain if one.public_key() == key.public_key()]
    if not own:
        raise ValueError(_("no certificate belongs to this key"))
    return Keyholder(key, (own[0], *(one for one in chain if one != own[0])))


# Making and bringing -----------------------------------------------------------------------------


def make_key(
    *, name: str, now: datetime, since: datetime | None = None, replace: bool = False
) -> Keyholder:
    """A new key with a certificate it signs itself, kept under 0600; an old one only on demand."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since or now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_USAGE, critical=True)
        .sign(key, hashes.SHA256())
    )
    return _keep(Keyholder(key, (certificate,)), replace=replace)


_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def bring_key(*, archive: bytes, password: str, replace: bool = False) -> Keyholder:
    """Take the zone's own key from a PKCS#12 archive (.p12, .pfx) and keep it under 0600."""
    try:
        key, own, others = pkcs12.load_key_and_certificates(archive, password.encode() or None)
        held = _fit(key, [*([own] if own else []), *others])
    except ValueError as error:
        raise Refused(
            _("This is no PKCS#12 archive of a key, or the password is another: %(why)s.")
            % {"why": error}
        ) from error
    return _keep(held, replace=replace)


def _keep(held: Keyholder, *, replace: bool) -> Keyholder:
    """Write key and certificates whole, or not at all; never over another without being told."""
    place = key_file()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    coming = place.with_name(f".{place.name}.{os.getpid()}.{threading.get_ident()}")
    handle = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            stream.writelines(one.public_bytes(Encoding.PEM) for one in held.chain)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            coming.replace(place)
        else:
            os.link(coming, place)
    except FileExistsError:
        raise Refused(
            _(
                "There is a signing key already (%(place)s). Use --replace if it shall no longer"
                " sign; what it signed stays signed."
            )
            % {"place": place}
        ) from None
    finally:
        coming.unlink(missing_ok=True)
    return held


def make_key_where_none(*, name: str, now: datetime) -> None:
    """A demo and a test sign at once, and what they made in the past too; real work names its key."""
    if key_file().exists():
        return
    try:
        make_key(name=name, now=now, since=now - timedelta(days=365 * YEARS))
    except Refused:  # Another process was faster: its key is as good.
        return
