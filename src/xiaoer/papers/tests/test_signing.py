"""The key: made, brought, replaced; time stamps by a real service; numbers given out at once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signatures import judged
from xiaoer.base.refusals import Refused
from xiaoer.papers import signing
from xiaoer.web import press

PDF = press.compile_pdf('#set text(font: "Noto Sans SC", fallback: false)\n证', {})


@pytest.fixture(autouse=True)
def in_english() -> None:
    translation.activate("en")


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.SIGNING_FILE = tmp_path / "signing.pem"
    return Path(settings.SIGNING_FILE)


def certificate(key: rsa.RSAPrivateKey, name: str, *, stamps: bool = False) -> pyca.Certificate:
    now = datetime.now(UTC)
    subject = pyca.Name([pyca.NameAttribute(pyca.NameOID.COMMON_NAME, name)])
    built = (
        pyca.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(signing._USAGE, critical=True)
    )
    if stamps:
        built = built.add_extension(
            pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return built.sign(key, hashes.SHA256())


def test_a_zone_brings_its_own_key(place: Path, tmp_path: Path, db: None) -> None:
    key = rsa.generate_private_key(65537, 2048)
    archive = tmp_path / "zone.p12"
    archive.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"zone", key, certificate(key, "东区"), None, BestAvailableEncryption("口令".encode())
        )
    )
    with pytest.raises(Refused, match="PKCS#12"):
        signing.bring_key(archive=archive.read_bytes(), password="another")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XIAOER_SIGNING_PASSWORD", "口令")
        said = StringIO()
        call_command("make_signing_key", "--from", str(archive), stdout=said)
    assert "东区" in said.getvalue()
    assert place.stat().st_mode & 0o777 == 0o600
    signed = signing.sign(PDF, reason="试", now=datetime.now(UTC))
    own = PdfFileReader(BytesIO(signed.pdf)).embedded_signatures[0]
    status = judged(own, [own.signer_cert])
    assert status.intact
    assert status.valid
    with pytest.raises(CommandError, match="There is a signing key already"):
        call_command("make_signing_key")
    call_command("make_signing_key", "--name", "东区新", "--replace", stdout=StringIO())
    assert signing.must_hold(datetime.now(UTC)).name == "东区新"


class _Stamps:
    """A time-stamp service over HTTP, as RFC 3161 has it."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(65537, 2048)
        self.certificate = certificate(key, "时间戳", stamps=True)
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self.stamper = DummyTimeStamper(
            tsa_cert=x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            tsa_key=keys.PrivateKeyInfo.load(der),
            certs_to_embed=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # of pyHanko
        )


@pytest.fixture
def stamps(settings: Any, tmp_path: Path) -> Iterator[_Stamps]:
    service = _Stamps()

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = service.stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    trust = tmp_path / "trust.pem"
    trust.write_bytes(service.certificate.public_bytes(Encoding.PEM))
    settings.TRUST_FILE = str(trust)
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


def test_with_a_time_stamp_service_the_signature_outlives_its_certificate(
    place: Path, stamps: _Stamps
) -> None:
    now = datetime.now(UTC)
    signing.make_key(name="东区", now=now)
    signed = signing.sign(PDF, reason="试", now=now)
    reader = PdfFileReader(BytesIO(signed.pdf))
    own = reader.embedded_signatures[0]
    roots = [own.signer_cert, stamps.stamper.tsa_cert]
    status = judged(own, roots)
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid
    # B-LT: what is needed to judge it later lies in the paper itself.
    assert "/DSS" in reader.root


def test_where_the_time_stamp_service_is_away_nothing_is_signed(place: Path, settings: Any) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    now = datetime.now(UTC)
    signing.make_key(name="东区", now=now)
    with pytest.raises(Refused, match="time-stamp service"):
        signing.sign(PDF, reason="试", now=now)
