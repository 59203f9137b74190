"""Tables of papers: what is held, what was read of it, licences and what became of them."""

from xiaoer.papers.models.held import HeldPaper, PaperConsent, PaperField, PaperKind
from xiaoer.papers.models.licences import Licence, LicenceEvent, LicenceKind
from xiaoer.papers.models.made import LicenceSerial, OfficialNotice
from xiaoer.papers.models.readings import FieldRead, Quarantine, Reading

__all__ = [
    "FieldRead",
    "HeldPaper",
    "Licence",
    "LicenceEvent",
    "LicenceKind",
    "LicenceSerial",
    "OfficialNotice",
    "PaperConsent",
    "PaperField",
    "PaperKind",
    "Quarantine",
    "Reading",
]
