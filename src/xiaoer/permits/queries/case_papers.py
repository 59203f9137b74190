"""Papers given with a case, as its staff look at them: the file itself, and what was read off it."""

from dataclasses import dataclass

from xiaoer.base.models import StoredFile
from xiaoer.papers import queries as papers
from xiaoer.papers.models import Reading
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Case, CaseMaterial


@dataclass(frozen=True, slots=True)
class PaperShown:
    """One paper: its pages, and its fields as they were read; ``reading`` is of this very file."""

    material: CaseMaterial
    file: StoredFile | None
    name: str
    pages: int
    reading: Reading | None
    fields: tuple[papers.FieldShown, ...]


def file_of(material: CaseMaterial) -> StoredFile | None:
    """The bytes of a paper of a case: those held for the party, or those brought with the draft."""
    return material.paper.file if material.paper is not None else material.file


def file_name(material: CaseMaterial) -> str:
    """The name it came under; of one that never had any, what the case calls it."""
    held = material.paper.name if material.paper is not None else ""
    return material.file_name or held or material.name


def reading_of(material: CaseMaterial) -> Reading | None:
    """What was read off it; not what was read off a file that was replaced meanwhile."""
    file, reading = file_of(material), material.reading
    return (
        reading if reading is not None and file is not None and reading.file_id == file.pk else None
    )


def material_of(*, zone_id: int, material_id: int) -> CaseMaterial | None:
    """A paper of a submitted case of the zone, with what opening it needs."""
    return (
        CaseMaterial.objects.filter(zone_id=zone_id, pk=material_id)
        .exclude(case__state=Case.State.DRAFT)
        .select_related(
            "case__thing_version__thing__office", "case__desk", "paper__file", "file",
            "reading__kind", "reading__file",
        )
        .first()
    )  # fmt: skip


def materials_of(case: Case) -> list[CaseMaterial]:
    """Every paper a case asks for, in the order of its definition."""
    rows = case.materials.select_related("paper__file", "file", "reading")
    return list(rows.order_by("order", "id"))


def paper_shown(material: CaseMaterial) -> PaperShown:
    """Everything the page of one paper shows."""
    file, reading = file_of(material), reading_of(material)
    return PaperShown(
        material=material,
        file=file,
        name=file_name(material),
        pages=papers.pages_of_file(file) if file is not None else 0,
        reading=reading,
        fields=tuple(papers.fields_shown(reading)) if reading is not None else (),
    )


def offices_named(definition: Definition) -> frozenset[str]:
    """Every office a definition sends something to."""
    return frozenset(
        name
        for item in definition.items
        for name in (item.office, *(office for step in item.steps for office in step.offices))
        if name
    )
