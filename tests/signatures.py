"""What pyHanko's own validator says of a signature, as a stranger's reader would ask it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext


def judged(signature: Any, roots: list[Any]) -> PdfSignatureStatus:
    """The state of an embedded signature for one who trusts these roots.

    Asked in a thread of its own: the validator begins an event loop, and a test with a browser
    that ran before in this process leaves one running in ours.
    """
    trusted = ValidationContext(trust_roots=roots, allow_fetching=False)
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(validate_pdf_signature, signature, trusted).result()
