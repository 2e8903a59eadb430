"""Text to tree, by Python's own parser and a whitelist of what it may give (LANGUAGE §8). Nothing is ever evaluated as Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import pairwise
from typing import NoReturn

from adam.core.errors import NOWHERE, Mark
from adam.core.numerals import UNWRITABLE, number_of, refusal
from adam.expressions.tree import (
    Arithmetic,
    Both,
    Call,
    Comparison,
    Expr,
    Literal,
    Membership,
    Missing,
    Name,
    Negation,
    Negative,
    Node,
)


class ExpressionError(ValueError):
    """A text that is no expression: what is wrong and how far into the text."""

    def __init__(self, message: str, column: int = 0, code: str = "expr-syntax") -> None:
        self.column = column
        self.code = code
        super().__init__(message)


MEANT = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "^=": "!=", "~=": "!=", "<>": "!=", "&": "and", "|": "or"}
"""Signs of other languages, and what they are here."""
OTHER = re.compile(r"\b(?:eq|ne|lt|le|gt|ge)\b|\^=|~=|<>", re.IGNORECASE)
DEEPEST = 100
"""How many operators and brackets an expression may nest; a long sum is one too: a + b + c is (a + b) + c."""
LONGEST = 100_000
"""How many characters an expression may have."""
DIGITS = re.compile(r"[0-9]{300,}")
STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISON: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
NOT_ALLOWED: dict[type[ast.AST], str] = {
    ast.Lambda: "a lambda",
    ast.Subscript: "an index [ ]",
    ast.IfExp: "Python's if-else; write if_else(condition, a, b)",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Dict: "a dictionary",
    ast.JoinedStr: "a formatted text",
    ast.NamedExpr: "an assignment",
    ast.List: "a list [ ]; write ( )",
    ast.Tuple: "a list; it belongs after 'in'",
    ast.Starred: "a star",
    ast.Await: "await",
}


def parse(text: str, mark: Mark = NOWHERE) -> Expr:
    """The tree of an expression.

    Raises:
        ExpressionError: with the column of the fault.

    >>> str(parse('AVAL <= 1 and CHG <= -2').root)
    '(AVAL <= 1 and CHG <= -2)'
    """
    source = text.strip()
    if not source:
        raise ExpressionError("an expression is empty")
    bare = _without_texts(source)
    _sized(source, bare)
    if bare.count("(") > bare.count(")"):
        raise ExpressionError("a '(' is not closed; if a comma inside { } or [ ] ended the text, put it in quotes", len(source) - 1)
    _refuse_silent(source, bare)
    for sign in ("&", "|"):
        if sign in bare:
            raise ExpressionError(f"'{sign}' is not known here; write '{MEANT[sign]}'", bare.index(sign))
    try:
        body = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(_syntax(source, error), max((error.offset or 1) - 1, 0)) from None
    except (RecursionError, MemoryError):
        raise ExpressionError(f"an expression nests at most {DEEPEST} operators and brackets; split it into variables", 0, "expr-too-deep") from None
    except ValueError as error:
        raise ExpressionError(f"not an expression: {error}") from None
    _not_too_deep(body)
    return Expr(source, _Builder(source).node(body), mark)


def _sized(source: str, bare: str) -> None:
    """Refuse what Python's parser would fail on with a message of its own."""
    if len(source) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST} characters; here are {len(source)}; split it into variables", 0, "expr-too-deep")
    number = DIGITS.search(bare)
    if number is not None:
        raise ExpressionError(refusal(number.group()), number.start(), "expr-number")
    nest = 0
    for position, sign in enumerate(bare):
        nest += (sign == "(") - (sign == ")")
        if nest > DEEPEST:
            raise ExpressionError(f"brackets nest deeper than {DEEPEST}; split the expression into variables", position, "expr-too-deep")


def _not_too_deep(body: ast.AST) -> None:
    """Refuse a tree that could not be walked: nesting is counted without recursion."""
    for node in ast.walk(body):
        if isinstance(node, ast.BoolOp) and len(node.values) > DEEPEST:  # a and b and c is (a and b) and c, though Python has them side by side
            message = f"'and' or 'or' joins more than {DEEPEST} conditions; compare with a list, X in (...), or split it into variables"
            raise ExpressionError(message, node.values[DEEPEST].col_offset, "expr-too-deep")
    level: list[ast.AST] = [body]
    for _ in range(DEEPEST + 1):
        level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if not level:
            return
    message = f"an expression nests at most {DEEPEST} operators and brackets; write a long sum as sum(a, b, ...), or split it into variables"
    raise ExpressionError(message, min(getattr(node, "col_offset", 0) for node in level), "expr-too-deep")


def _refuse_silent(source: str, bare: str) -> None:
    """Refuse what Python reads as something else than it looks like: a comment, two texts as one, the escapes of a text."""
    if "#" in bare:
        message = "'#' begins a comment, so what is behind it would be dropped. Delete it; a YAML comment needs the expression to be without quotes."
        raise ExpressionError(message, bare.index("#"))
    texts = list(STRING.finditer(source))
    for one, other in pairwise(texts):
        if not source[one.end() : other.start()].strip():
            message = f"Two texts are next to each other: {one.group()} {other.group()}. Put a comma or an operator between them."
            raise ExpressionError(message, other.start())
    for text in texts:
        escape = re.search(r'\\(?!["\\])', re.sub(r"\\\\", "  ", text.group()))
        if escape:
            message = "A backslash in a text must be written twice: \\\\. Alone it would make another character of the one behind it."
            raise ExpressionError(message, text.start() + escape.start())


def _without_texts(source: str) -> str:
    """An expression with blanks where its quoted texts are, so that their words are no signs."""
    return STRING.sub(lambda text: " " * len(text.group()), source)


def _syntax(source: str, error: SyntaxError) -> str:
    if "integer string conversion" in str(error.msg):
        return "a number has too many digits"
    at = max((error.offset or 1) - 1, 0)
    if "invalid syntax. Maybe you meant '=='" in str(error.msg) or (source[at : at + 1] == "=" and source[at : at + 2] != "=="):
        return "'=' compares nothing; write '=='"
    found = OTHER.search(_without_texts(source))
    return f"'{found.group()}' is not known here; write '{MEANT[found.group().lower()]}'" if found else f"not an expression: {error.msg}"


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)

    def at(self, node: ast.AST) -> int:
        """How many characters of the source stand before a node; Python counts the bytes of its line."""
        line, column = getattr(node, "lineno", 1) - 1, getattr(node, "col_offset", 0)
        return sum(map(len, self.lines[:line])) + len(self.lines[line].encode()[:column].decode())

    def fail(self, node: ast.AST, message: str, code: str = "expr-not-allowed") -> NoReturn:
        raise ExpressionError(message, self.at(node), code)

    def node(self, node: ast.AST) -> Node:
        build: Callable[[ast.AST], Node] | None = getattr(self, f"on_{type(node).__name__}", None)
        if build is None:
            what = NOT_ALLOWED.get(type(node), f"'{self.source[self.at(node) :][:20]}'")
            self.fail(node, f"an expression cannot hold {what}")
        return build(node)

    def on_Name(self, node: ast.Name) -> Node:
        return Missing(column=self.at(node)) if node.id == "missing" else Name((node.id,), column=self.at(node))

    def on_Attribute(self, node: ast.Attribute) -> Node:
        parts: list[str] = []
        inner: ast.AST = node
        while isinstance(inner, ast.Attribute):
            parts.insert(0, inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name) or len(parts) > 2:
            self.fail(node, "a name is X, DATASET.X or DATASET.PARAMCD.X")
        return Name((inner.id, *parts), column=self.at(node))

    def on_Constant(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool | bytes) or not isinstance(value, int | float | str):
            self.fail(node, f"{value!r} is no value here; write a number, a text in double quotes or missing")
        if isinstance(value, str):
            start = self.at(node)
            if self.source[start] != '"' or self.source[start : start + 3] == '"""':
                self.fail(node, "text stands in double quotes", "expr-syntax")
            bad = UNWRITABLE.search(value)
            if bad is not None:
                self.fail(node, f"the text holds the character U+{ord(bad.group()):04X}, which no dataset can hold; leave it out", "expr-syntax")
            return Literal(value, column=self.at(node))
        return Literal(self.number(node), column=self.at(node))

    def number(self, node: ast.Constant) -> float:
        """A number as written, if a double can hold it."""
        text = (ast.get_source_segment(self.source, node) or str(node.value)).replace("_", "")
        value = number_of(text)
        if value != value:
            self.fail(node, refusal(text), "expr-number")
        return value

    def on_UnaryOp(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.Not):
            return Negation(self.node(node.operand), column=self.at(node))
        if isinstance(node.op, ast.USub):
            value = self.node(node.operand)
            if isinstance(value, Literal) and isinstance(value.value, float):
                return Literal(-value.value, column=self.at(node))
            return Negative(value, column=self.at(node))
        return self.fail(node, "an expression knows 'not' and '-' before a value")

    def on_BinOp(self, node: ast.BinOp) -> Node:
        op = ARITHMETIC.get(type(node.op))
        if op is None:
            self.fail(node, "an expression knows + - * / **; conditions are joined by 'and' and 'or'")
        return Arithmetic(op, self.node(node.left), self.node(node.right), column=self.at(node))

    def on_BoolOp(self, node: ast.BoolOp) -> Node:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return Both(op, tuple(self.node(value) for value in node.values), column=self.at(node))

    def on_Compare(self, node: ast.Compare) -> Node:
        if len(node.ops) > 1:
            self.fail(node, "comparisons cannot be chained: write A <= X and X <= B")
        op, right = node.ops[0], node.comparators[0]
        if isinstance(op, ast.In | ast.NotIn):
            return Membership(self.node(node.left), self.among(right), isinstance(op, ast.NotIn), column=self.at(node))
        if type(op) not in COMPARISON:
            self.fail(node, "an expression compares with == != < <= > >= and in; missing(X) asks for missing")
        return Comparison(COMPARISON[type(op)], self.node(node.left), self.node(right), column=self.at(node))

    def among(self, node: ast.AST) -> tuple[Literal, ...] | Name:
        items = node.elts if isinstance(node, ast.Tuple) else [node]
        if not items:
            self.fail(node, "the list after 'in' is empty, so nothing is ever in it", "expr-syntax")
        built = [self.node(item) for item in items]
        if len(built) == 1 and isinstance(built[0], Name) and built[0].owner == "STUDY":
            return built[0]
        if all(isinstance(item, Literal) for item in built):
            return tuple(item for item in built if isinstance(item, Literal))
        return self.fail(node, "after 'in' comes a list of values, in (1, 2), or a list of the study, in STUDY.NAME")

    def on_Call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name):
            self.fail(node, "only functions of the language can be called")
        if node.keywords:
            self.fail(node, "a function takes its values in order, without names")
        return Call(node.func.id, tuple(self.node(value) for value in node.args), column=self.at(node))
