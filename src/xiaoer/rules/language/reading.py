"""From text to what sqlglot reads in it, held to sizes and to an allow-list before anything else.

The dialect is PostgreSQL's. What is not on the list does not exist here: no sub-select, no cast but
``DATE '…'``, no function but ours, no comment, no quoted or qualified name, no parameter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

import sqlglot
from django.utils.translation import gettext as _
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from xiaoer.rules.language.spec import Mistake

LONGEST, MOST_NODES, DEEPEST = 4000, 400, 40

Place = tuple[int, int]

# Each node with the arguments it may have; one with another argument is another construct.
ALLOWED: dict[type[exp.Expr], frozenset[str]] = {
    exp.And: frozenset({"this", "expression"}),
    exp.Or: frozenset({"this", "expression"}),
    exp.Not: frozenset({"this"}),
    exp.Paren: frozenset({"this"}),
    exp.Column: frozenset({"this"}),
    exp.Identifier: frozenset({"this"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Boolean: frozenset({"this"}),
    exp.Null: frozenset(),
    exp.Neg: frozenset({"this"}),
    exp.Add: frozenset({"this", "expression"}),
    exp.Sub: frozenset({"this", "expression"}),
    exp.Mul: frozenset({"this", "expression"}),
    exp.Div: frozenset({"this", "expression", "typed", "safe"}),
    exp.Pow: frozenset({"this", "expression"}),
    exp.Sqrt: frozenset({"this"}),
    exp.Greatest: frozenset({"this", "expressions", "ignore_nulls"}),
    exp.Least: frozenset({"this", "expressions", "ignore_nulls"}),
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.Nullif: frozenset({"this", "expression"}),
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
    exp.EQ: frozenset({"this", "expression"}),
    exp.NEQ: frozenset({"this", "expression"}),
    exp.GT: frozenset({"this", "expression"}),
    exp.GTE: frozenset({"this", "expression"}),
    exp.LT: frozenset({"this", "expression"}),
    exp.LTE: frozenset({"this", "expression"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Like: frozenset({"this", "expression", "negate"}),
    exp.Is: frozenset({"this", "expression", "negate"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "nested"}),
    exp.Interval: frozenset({"this", "unit"}),
    exp.Var: frozenset({"this"}),
    exp.Anonymous: frozenset({"this", "expressions"}),
}

FUNCTIONS = ("greatest", "least", "power", "sqrt", "coalesce", "nullif", "band")
# What people write for it elsewhere.
_MEANT = {
    "max": "greatest",
    "min": "least",
    "if": "CASE WHEN",
    "iif": "CASE WHEN",
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "between": "BETWEEN",
    "now": "as_of",
    "currentdate": "as_of",
    "current_date": "as_of",
    "today": "as_of",
    "date": "DATE 'yyyy-mm-dd'",
}
_SIGNS = {
    "≥": ">=", "≤": "<=", "≠": "<>", "＞": ">", "＜": "<", "＝": "=", "（": "(", "）": ")",
    "，": ",", "×": "*", "÷": "/", "“": "'", "”": "'", "‘": "'", "’": "'",
    "＋": "+", "－": "-", "；": ";", "。": ".",
}  # fmt: skip
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s*(万亿|万|亿|[%％])")
_SCALES = {"万": 10_000, "亿": 100_000_000, "万亿": 10**12}
_NUMBER = re.compile(r"\d*\.?\d*(?:[eE][+-]?\d{1,2})?")


class Wrong(Exception):
    """A text is no clause: what is wrong in it, all that could be found at once."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Source:
    """A text and what was read in it."""

    text: str
    tree: exp.Expr

    def place(self, node: exp.Expr) -> Place:
        """Where a node stands, from the first to the last thing in it that knows its place."""
        known = [n.meta for n in node.walk() if "start" in n.meta]
        if not known and node.parent is not None:
            return self.place(node.parent)
        if not known:
            return 0, len(self.text)
        return min(m["start"] for m in known), max(m["end"] for m in known) + 1


@lru_cache(maxsize=4096)
def read(text: str) -> Source:
    """What a text says; ``Wrong`` if it is too large, is none, or says what may not be said.

    What was read is kept, since a rule is compiled again with every stroke in the editor; nobody
    may change the tree. Mistakes are not kept: they are told in the reader's language.
    """
    if not text.strip():
        raise _wrong(_("There is nothing here yet. Write a condition, such as revenue_cny_y1 > 0."))
    if len(text) > LONGEST:
        raise _wrong(
            _("%(size)d characters are too many; the most is %(most)d. Make two clauses of it.")
            % {"size": len(text), "most": LONGEST},
            LONGEST,
            len(text),
        )
    _check_signs(text)
    tokens = _tokens(text)
    _check_tokens(text, tokens)
    source = Source(text, _parsed(text))
    _check_nodes(source)
    return source


def _wrong(message: str, start: int = 0, end: int = 0, nearest: str = "") -> Wrong:
    return Wrong([Mistake(message, start, end, nearest)])


def _outside_quotes(text: str) -> str:
    return re.sub(r"'[^']*'", lambda found: " " * len(found.group()), text)


def _check_signs(text: str) -> None:
    """Figures and signs as they stand in documents are told with what to write instead."""
    bare = _outside_quotes(text)
    if found := _SCALED.search(bare):
        figure, scale = found.groups()
        if scale in _SCALES:
            meant = f"{float(figure) * _SCALES[scale]:.15g}"
            message = _("Money is written in yuan: %(meant)s, not %(text)s.")
        else:
            meant = f"{float(figure) / 100:.15g}"
            message = _("A share is written from 0 to 1: %(meant)s, not %(text)s.")
        words = {"meant": meant, "text": found.group()}
        raise _wrong(message % words, *found.span(), nearest=meant)
    for at, sign in enumerate(bare):
        if sign in _SIGNS:
            message = _("Write %(meant)s instead of %(sign)s.")
            words = {"meant": _SIGNS[sign], "sign": sign}
            raise _wrong(message % words, at, at + 1, nearest=_SIGNS[sign])


def _tokens(text: str) -> list[Token]:
    try:
        return sqlglot.tokenize(text, read="postgres")
    except TokenError:
        raise _wrong(_("A quotation mark is not closed."), 0, len(text)) from None


def _check_tokens(text: str, tokens: list[Token]) -> None:
    for token in tokens:
        if token.comments or token.token_type is TokenType.HINT:
            raise _wrong(
                _("Comments are not allowed; say it in the name of the clause."), 0, len(text)
            )
        if token.token_type is TokenType.SEMICOLON:
            raise _wrong(
                _("One clause is one expression, without a semicolon."), token.start, token.end + 1
            )
    if not tokens:
        raise _wrong(_("There is nothing here yet. Write a condition, such as revenue_cny_y1 > 0."))
    if _depth(tokens) > DEEPEST:
        raise _too_deep(text)


def _depth(tokens: list[Token]) -> int:
    """How deep it may nest, before reading it: open brackets and cases, and signs in a row."""
    deepest = open_ = row = 0
    for token in tokens:
        kind = token.token_type
        row = row + 1 if kind in {TokenType.NOT, TokenType.DASH, TokenType.PLUS} else 0
        if kind in {TokenType.L_PAREN, TokenType.CASE, TokenType.L_BRACKET, TokenType.L_BRACE}:
            open_ += 1
        elif kind in {TokenType.R_PAREN, TokenType.END, TokenType.R_BRACKET, TokenType.R_BRACE}:
            open_ -= 1
        deepest = max(deepest, open_ + row)
    return deepest


def _too_deep(text: str) -> Wrong:
    return _wrong(
        _("It nests more than %(most)d levels deep. Make a derived word or two clauses of it.")
        % {"most": DEEPEST},
        0,
        len(text),
    )


def _parsed(text: str) -> exp.Expr:
    try:
        found = sqlglot.parse(text, read="postgres")
    except ParseError as error:
        raise _unreadable(text, error) from None
    except RecursionError:
        raise _too_deep(text) from None
    if len(found) != 1 or not isinstance(found[0], exp.Expr):
        raise _wrong(_("One clause is one expression, without a semicolon."), 0, len(text))
    return found[0]


def _unreadable(text: str, error: ParseError) -> Wrong:
    """Where reading stopped; line and column are those of the last character of a word."""
    about = error.errors[0] if error.errors else {}
    lines = text.split("\n")
    before = lines[: int(about.get("line") or 1) - 1]
    end = min(len(text), sum(len(line) + 1 for line in before) + int(about.get("col") or 0))
    start = max(0, end - len(str(about.get("highlight") or " ")))
    word = text[start:end]
    return _wrong(
        _("It cannot be read at “%(word)s”: something before it is missing or too much.")
        % {"word": word},
        start,
        end,
    )


def _check_nodes(source: Source) -> None:
    nodes = list(islice(source.tree.walk(), LONGEST))
    if len(nodes) > MOST_NODES:
        message = _("%(size)d parts are too many; the most is %(most)d. Make two clauses of it.")
        words = {"size": len(nodes), "most": MOST_NODES}
        raise _wrong(message % words, 0, len(source.text))
    if mistakes := [found for node in nodes if (found := _forbidden(source, node))]:
        raise Wrong(mistakes[:1] if _is_statement(source.tree) else _outermost(mistakes)[:5])
    if _nested(source.tree) > DEEPEST:
        raise _too_deep(source.text)


def _is_statement(tree: exp.Expr) -> bool:
    return type(tree) not in ALLOWED


def _outermost(mistakes: list[Mistake]) -> list[Mistake]:
    """Not each part of what may not be said, only the whole of it."""
    return [
        mistake
        for at, mistake in enumerate(mistakes)
        if not any(
            other.start <= mistake.start and mistake.end <= other.end for other in mistakes[:at]
        )
    ]


def _nested(tree: exp.Expr) -> int:
    """How deep it nests; a row of ANDs or ORs is one level, and brackets are none."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        for child in node.iter_expressions():
            is_same = type(child) is type(node) and isinstance(node, exp.And | exp.Or)
            is_flat = is_same or isinstance(child, exp.Paren | exp.Identifier | exp.If)
            waiting.append((child, depth if is_flat else depth + 1))
    return deepest


def _forbidden(source: Source, node: exp.Expr) -> Mistake | None:
    """What is wrong with a node as such."""
    arguments = ALLOWED.get(type(node))
    given = {name for name, value in node.args.items() if value not in (None, False, [])}
    if arguments is None:
        return _unknown_construct(source, node)
    start, end = source.place(node)
    if isinstance(node, exp.Identifier) and node.quoted:
        return Mistake(_("Names are written without quotation marks."), start, end)
    if isinstance(node, exp.Column) and given - arguments:
        return Mistake(_("A word has no table before it: write the word alone."), start, end)
    if isinstance(node, exp.Case) and "this" in given:
        message = _("Write the whole condition behind each WHEN: CASE WHEN word = … THEN …")
        return Mistake(message, start, end)
    if isinstance(node, exp.Cast) and not _is_day(node):
        return Mistake(_("Nothing is cast here; a day is DATE '2026-01-31'."), start, end)
    if isinstance(node, exp.Literal) and not node.is_string and not _NUMBER.fullmatch(node.name):
        return Mistake(_("This is no number that can be read."), start, end)
    if isinstance(node, exp.Anonymous) and node.name.lower() != "band":
        return _unknown_function(node.name, start, end)
    if given - arguments:
        return _unknown_construct(source, node)
    return None


def _is_day(node: exp.Cast) -> bool:
    return (
        isinstance(node.this, exp.Literal)
        and node.this.is_string
        and node.to.this == exp.DataType.Type.DATE
    )


def _unknown_construct(source: Source, node: exp.Expr) -> Mistake:
    start, end = source.place(node)
    if isinstance(node, exp.Func):
        return _unknown_function(node.sql_name(), start, end)
    if isinstance(node, exp.Placeholder | exp.Parameter):
        return Mistake(_("There are no parameters; write the number itself."), start, end)
    return Mistake(
        _("“%(text)s” is not part of the rule language.") % {"text": source.text[start:end][:40]},
        start,
        end,
    )


def _unknown_function(name: str, start: int, end: int) -> Mistake:
    nearest = _MEANT.get(name.lower(), "") or closest(name, FUNCTIONS)
    message = _("There is no function %(name)s; there are %(known)s.")
    words = {"name": name.lower(), "known": ", ".join(FUNCTIONS)}
    return Mistake(message % words, start, end, nearest)


def closest(name: str, among: Iterable[str]) -> str:
    """The name most like one; empty if none is."""
    return next(iter(get_close_matches(name.lower(), list(among), n=1, cutoff=0.6)), "")
