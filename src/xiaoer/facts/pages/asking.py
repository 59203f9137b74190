"""What a sheet leaves open, in the reader's words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.facts import queries
from xiaoer.facts.models import FactImport, FactImportRow
from xiaoer.facts.pages.words import language


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form: its words, what may be answered, and what was."""

    key: str
    words: str
    help: str
    options: tuple[tuple[str, str], ...]
    answer: str | None


def questions_of(run: FactImport) -> list[Question]:
    """What was asked of this sheet, answered or not."""
    return [
        _question(
            one, run.answers.get(one["key"]) or (run.period if one["key"] == "period" else "")
        )
        for one in run.seen.get("questions", ())
    ]


def _question(asked: dict[str, object], answer: str) -> Question:
    key, count = str(asked["key"]), int(str(asked["count"]))
    examples = [str(one) for one in asked["examples"]]  # type: ignore[attr-defined]  # a list in JSON
    zero_or_not = (("zero", _("zero")), ("missing", _("not known")))
    words, help_, options = {
        "period": (
            _("Of which month or year is the sheet?"),
            _("Such as 2026年10月, 2026年1-10月 or 2025年."),
            (),
        ),
        "dash": (
            ngettext(
                "What does %(signs)s mean in %(num)s cell?",
                "What does %(signs)s mean in %(num)s cells?",
                count,
            )
            % {"signs": " ".join(examples), "num": count},
            _("Remembered for sheets with these headings."),
            zero_or_not,
        ),
        "blank": (
            ngettext(
                "What does an empty cell mean? There is %(num)s.",
                "What do empty cells mean? There are %(num)s.",
                count,
            )
            % {"num": count},
            _("Remembered for sheets with these headings."),
            zero_or_not,
        ),
        "percent": (
            _("Is 0.05 in the column %(name)s five per cent?") % {"name": "、".join(examples)},
            _("Remembered for sheets with these headings."),
            (("ratio", _("yes, 0.05 is 5 %")), ("percent", _("no, it is 0.05 %"))),
        ),
        "before": (
            _("Take the columns of the year before too?"),
            _("A figure other than the one known becomes a correction."),
            (("no", _("no, leave them out")), ("yes", _("yes, as corrections"))),
        ),
        "same": (
            _("%(same)s of %(all)s figures are those of the last period. Is it the right sheet?")
            % {"same": count, "all": "".join(examples)},
            _("If it is, say why; else bring in the right one."),
            (),
        ),
    }[key]
    return Question(key, words, help_, tuple(options), answer or None)


@dataclass(frozen=True, slots=True)
class WarnedRow:
    """A figure to look at: what the sheet says, and what it is compared with."""

    row: FactImportRow
    figure: str
    last: str


@dataclass(frozen=True, slots=True)
class WarnedKind:
    """Figures with one warning, confirmed with a reason or not yet."""

    kind: str
    label: str
    count: int
    reason: str
    rows: tuple[WarnedRow, ...]


def warnings_of(run: FactImport) -> list[WarnedKind]:
    """The warnings of a sheet with the figures behind them."""
    return [
        WarnedKind(
            one.kind,
            one.label,
            one.count,
            one.reason,
            tuple(
                WarnedRow(
                    row,
                    queries.figure_words(row.metric, row.low, language()),
                    queries.figure_words(row.metric, row.last, language()),
                )
                for row in one.rows
            ),
        )
        for one in queries.warnings_of(run)
    ]
