"""What an application still lacks before it can be submitted."""

from dataclasses import dataclass
from datetime import date

from xiaoer.permits.definition import Definition, Field, Material, Question
from xiaoer.permits.models import Case, CaseMaterial
from xiaoer.permits.scenario import Outline, lay_out


@dataclass(frozen=True, slots=True)
class Lacking:
    """Questions not answered, fields not filled, papers not here."""

    questions: tuple[Question, ...]
    fields: tuple[Field, ...]
    materials: tuple[Material, ...]

    @property
    def codes(self) -> list[str]:
        """The same by code."""
        return [*(one.code for one in self.fields), *(one.paper for one in self.materials)]

    @property
    def names(self) -> list[str]:
        """Fields and papers that are lacking, by name."""
        return [*(one.name for one in self.fields), *(one.name for one in self.materials)]

    @property
    def count(self) -> int:
        return len(self.questions) + len(self.fields) + len(self.materials)


HERE = frozenset(
    {
        CaseMaterial.State.GIVEN,
        CaseMaterial.State.HELD,
        CaseMaterial.State.PROMISED,
        CaseMaterial.State.EXEMPT,
    }
)


def outline_of(case: Case, definition: Definition, on: date | None = None) -> Outline:
    """The case laid out by its answers and what is filled in so far; ``on``: with bars of the day."""
    return lay_out(definition, case.answers, case.form, on=on)


def lacking_of(case: Case, definition: Definition) -> Lacking:
    """A condition that is not known yet counts as asked for: nothing is left out in silence."""
    outline = outline_of(case, definition)
    here = set(
        CaseMaterial.objects.filter(case_id=case.pk, state__in=HERE).values_list(
            "paper_code", flat=True
        )
    )
    return Lacking(
        questions=tuple(outline.questions_open),
        fields=tuple(
            one for one in outline.fields if one.is_needed and not case.form.get(one.code)
        ),
        materials=tuple(
            one for one in outline.materials if one.is_needed and one.paper not in here
        ),
    )
