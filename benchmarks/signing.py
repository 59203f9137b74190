"""How many licences can be made and signed in a second, and what of it is the signature?

A licence as it leaves (typst, PDF/A-2, then PAdES-B by a key that stays decoded) beside the same
paper without a signature, the bare signatures of the two kinds of key, and pyHanko's own signer,
which decodes its key for each signature.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.measure import report
from xiaoer.papers import printing, signing
from xiaoer.papers.licence_kinds import KINDS
from xiaoer.papers.models import Licence, LicenceKind

SECONDS = 1.5
NOW = datetime.now(UTC)


def a_second(act: Callable[[], object]) -> float:
    """How often something can be done in a second, on one core."""
    act()
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        act()
        done += 1
    return done / (time.perf_counter() - began)


def licence(number: int) -> bytes:
    shipped = KINDS[0]
    row = Licence(
        kind=LicenceKind(code=shipped.code, name=shipped.name, fields=shipped.fields()),
        number=f"370871建渣〔2026〕{number:05d}号",
        holder_name="示范工程机械有限公司",
        issuer="示范区行政审批局",
        content=dict.fromkeys(shipped.says, "工程渣土 3200 立方米，海川路—嘉达路"),
        issued_on=date(2026, 11, 20),
        valid_from=date(2026, 11, 20),
        valid_until=date(2026, 12, 20),
    )
    return printing.licence_pdf(row, zone_name="示范区", code=f"{number:016d}", made_at=NOW)


def by_their_own_signer(pdf: bytes, held: signing.Keyholder) -> Callable[[], object]:
    der = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(held.chain[0].public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # of pyHanko
    )
    meta = signers.PdfSignatureMetadata(
        field_name="x", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )

    def act() -> object:
        return signers.PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))

    return act


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings.SIGNING_FILE = Path(folder) / "signing.pem"
        held = signing.make_key(name="测试", now=NOW - timedelta(days=1))
        numbers = iter(range(10**9))
        pdf = licence(next(numbers))
        curve, long = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
        measured = {
            "licence_signed": lambda: signing.sign(
                licence(next(numbers)), reason="benchmark", now=NOW
            ),
            "bare_paper": lambda: licence(next(numbers)),
            "signature_in_a_pdf": lambda: signing.sign(pdf, reason="benchmark", now=NOW),
            "signer_of_pyhanko": by_their_own_signer(pdf, held),
            "bare_ec_p256": lambda: curve.sign(pdf, ec.ECDSA(hashes.SHA256())),
            "bare_rsa_2048": lambda: long.sign(pdf, padding.PKCS1v15(), hashes.SHA256()),
        }
        rates = {name: a_second(act) for name, act in measured.items()}
    for name, rate in rates.items():
        print(f"{name}: {rate:,.1f} a second")
    took = {name: 1000 / rate for name, rate in rates.items()}
    bare = took["bare_paper"] + took["bare_ec_p256"]
    report("licence_signed", "ms", took["licence_signed"], bare, "typst and the bare signature", 20)
    report(
        "signature_in_a_pdf", "ms", took["signature_in_a_pdf"], took["signer_of_pyhanko"],
        "pyHanko's own signer on the same paper and key", 1.1,
    )  # fmt: skip


if __name__ == "__main__":
    main()
