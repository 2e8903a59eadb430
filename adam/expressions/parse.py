"""The parser of expressions: Python's parser, and a list of the nodes that are allowed. Nothing is evaluated as Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import pairwise
from typing import NoReturn

from adam.core.errors import NOWHERE, Mark
from adam.core.numerals import UNWRITABLE, number_of, refusal
from adam.expressions.other_languages import DOTTED, in_this_language
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
    """A text that is not a valid expression: the message, and the column of the error."""

    def __init__(self, message: str, column: int = 0, code: str = "expr-syntax") -> None:
        self.column = column
        self.code = code
        super().__init__(message)


MEANT = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "^=": "!=", "~=": "!=", "<>": "!=", "&": "and", "|": "or"}
"""Operators of other languages, and those of expressions with the same meaning."""
OTHER = re.compile(r"\b(?:eq|ne|lt|le|gt|ge)\b|\^=|~=|<>", re.IGNORECASE)
DEEPEST = 100
"""The largest number of nested operators and brackets. A long sum nests: a + b + c is (a + b) + c."""
LONGEST = 100_000
"""The largest number of characters of an expression."""
DIGITS = re.compile(r"[0-9]{300,}")
STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISON: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
NOT_ALLOWED: dict[type[ast.AST], str] = {
    ast.Lambda: "a lambda",
    ast.Subscript: "an index [ ]",
    ast.IfExp: "Python's if-else. Write if_else(condition, a, b)",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Dict: "a dictionary",
    ast.JoinedStr: "a formatted text",
    ast.NamedExpr: "an assignment",
    ast.List: "a list in [ ]. Write it in ( )",
    ast.Tuple: "a list that does not follow 'in'",
    ast.Starred: "a star",
    ast.Await: "await",
}


def parse(text: str, mark: Mark = NOWHERE) -> Expr:
    """The tree of an expression.

    Raises:
        ExpressionError: the text is not a valid expression.

    >>> str(parse('AVAL <= 1 and CHG <= -2').root)
    '(AVAL <= 1 and CHG <= -2)'
    """
    source = text.strip()
    if not source:
        raise ExpressionError("The expression is empty. Write a value, a name or a formula.")
    bare = _without_texts(source)
    _sized(source, bare)
    if bare.count("(") > bare.count(")"):
        raise ExpressionError("A '(' is not closed. Close it; if a comma inside { } or [ ] ended the text, put the text in quotes.", len(source) - 1)
    _refuse_silent(source, bare)
    for sign in ("&", "|"):
        if sign in bare:
            raise ExpressionError(f"'{sign}' is not an operator of expressions. Write '{MEANT[sign]}'.", bare.index(sign))
    try:
        body = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(_syntax(source, error), max((error.offset or 1) - 1, 0)) from None
    except (RecursionError, MemoryError):
        raise ExpressionError(
            f"The expression nests more than {DEEPEST} operators and brackets. Split it into variables.", 0, "expr-too-deep"
        ) from None
    except ValueError as error:
        raise ExpressionError(f"This is not a valid expression: {error}.") from None
    _not_too_deep(source, body)
    return Expr(source, _Builder(source).node(body), mark)


def _sized(source: str, bare: str) -> None:
    """Reject sizes at which Python's parser fails with a message of its own."""
    if len(source) > LONGEST:
        raise ExpressionError(f"The expression has {len(source)} characters; {LONGEST} are allowed. Split it into variables.", 0, "expr-too-deep")
    number = DIGITS.search(bare)
    if number is not None:
        raise ExpressionError(f"{refusal(number.group())}.", number.start(), "expr-number")
    nest = 0
    for position, sign in enumerate(bare) if bare.count("(") > DEEPEST else ():
        nest += (sign == "(") - (sign == ")")
        if nest > DEEPEST:
            raise ExpressionError(f"The expression nests more than {DEEPEST} brackets. Split it into variables.", position, "expr-too-deep")


def _not_too_deep(source: str, body: ast.AST) -> None:
    """Reject a tree that is nested too deeply. The depth is counted without recursion."""
    if len(source) <= DEEPEST:  # each level takes at least one character
        return
    for node in ast.walk(body):
        if isinstance(node, ast.BoolOp) and len(node.values) > DEEPEST:  # a and b and c is (a and b) and c, although Python has one node for all
            message = f"'and' or 'or' joins more than {DEEPEST} conditions. Compare with a list, X in (...), or split the expression into variables."
            raise ExpressionError(message, node.values[DEEPEST].col_offset, "expr-too-deep")
    level: list[ast.AST] = [body]
    for _ in range(DEEPEST + 1):
        level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if not level:
            return
    message = f"The expression nests more than {DEEPEST} operators and brackets. Write a long sum as sum(a, b, ...), or split it into variables."
    raise ExpressionError(message, min(getattr(node, "col_offset", 0) for node in level), "expr-too-deep")


def _refuse_silent(source: str, bare: str) -> None:
    """Reject what Python reads in another way than a user expects: comments, adjacent texts, and escapes in texts."""
    if "#" in bare:
        message = "'#' starts a comment inside the expression, so the rest would be ignored. Delete it, or move it outside the quotes."
        raise ExpressionError(message, bare.index("#"))
    texts = list(STRING.finditer(source))
    for one, other in pairwise(texts):
        if not source[one.end() : other.start()].strip():
            message = f"Two texts have nothing between them: {one.group()} {other.group()}. Put a comma or an operator between them."
            raise ExpressionError(message, other.start())
    for text in texts:
        escape = re.search(r'\\(?!["\\])', re.sub(r"\\\\", "  ", text.group()))
        if escape:
            message = "A backslash in a text must be written twice: \\\\. A single one would change the character after it."
            raise ExpressionError(message, text.start() + escape.start())


def _without_texts(source: str) -> str:
    """An expression with blanks in place of its quoted texts, so that their characters are not read as operators."""
    return STRING.sub(lambda text: " " * len(text.group()), source)


def _syntax(source: str, error: SyntaxError) -> str:
    if "integer string conversion" in str(error.msg):
        return "A number has too many digits. Use at most 15 digits."
    at = max((error.offset or 1) - 1, 0)
    if "invalid syntax. Maybe you meant '=='" in str(error.msg) or (source[at : at + 1] == "=" and source[at : at + 2] != "=="):
        return "'=' is not a comparison. Write '=='."
    dotted = DOTTED.search(_without_texts(source))
    if dotted is not None:
        return in_this_language(dotted.group(1)).strip()
    found = OTHER.search(_without_texts(source))
    return f"'{found.group()}' is not an operator of expressions. Write '{MEANT[found.group().lower()]}'." if found else _invalid(error)


def _invalid(error: SyntaxError) -> str:
    return f"This is not a valid expression: {error.msg}."


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.plain = source.isascii() and len(self.lines) == 1

    def at(self, node: ast.AST) -> int:
        """The number of characters before a node in the source. Python counts the bytes of a line."""
        line, column = getattr(node, "lineno", 1) - 1, getattr(node, "col_offset", 0)
        if self.plain:
            return int(column)
        return sum(map(len, self.lines[:line])) + len(self.lines[line].encode()[:column].decode())

    def fail(self, node: ast.AST, message: str, code: str = "expr-not-allowed") -> NoReturn:
        raise ExpressionError(message, self.at(node), code)

    def node(self, node: ast.AST) -> Node:
        build: Callable[[ast.AST], Node] | None = getattr(self, f"on_{type(node).__name__}", None)
        if build is None:
            what = NOT_ALLOWED.get(type(node), f"'{self.source[self.at(node) :][:20]}'")
            self.fail(node, f"An expression cannot contain {what}.")
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
            self.fail(node, "This is not a valid name. Write X, DATASET.X or DATASET.PARAMCD.X.")
        return Name((inner.id, *parts), column=self.at(node))

    def on_Constant(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool | bytes) or not isinstance(value, int | float | str):
            self.fail(node, f"{value!r} is not a valid value. Write a number, a text in double quotes, or missing.")
        if isinstance(value, str):
            start = self.at(node)
            if self.source[start] != '"' or self.source[start : start + 3] == '"""':
                self.fail(node, 'A text must be in double quotes: "text".', "expr-syntax")
            bad = UNWRITABLE.search(value)
            if bad is not None:
                self.fail(
                    node, f"The text contains the character U+{ord(bad.group()):04X}, which a dataset cannot contain. Delete it.", "expr-syntax"
                )
            return Literal(value, column=self.at(node))
        return Literal(self.number(node), column=self.at(node))

    def number(self, node: ast.Constant) -> float:
        """A number as written; an error if a double cannot represent it."""
        text = (ast.get_source_segment(self.source, node) or str(node.value)).replace("_", "")
        value = number_of(text)
        if value != value:
            self.fail(node, f"{refusal(text)}.", "expr-number")
        return value

    def on_UnaryOp(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.Not):
            return Negation(self.node(node.operand), column=self.at(node))
        if isinstance(node.op, ast.USub):
            value = self.node(node.operand)
            if isinstance(value, Literal) and isinstance(value.value, float):
                return Literal(-value.value, column=self.at(node))
            return Negative(value, column=self.at(node))
        return self.fail(node, "This sign cannot be before a value. The signs before a value are 'not' and '-'.")

    def on_BinOp(self, node: ast.BinOp) -> Node:
        op = ARITHMETIC.get(type(node.op))
        if op is None:
            self.fail(node, "This is not an operator of expressions. The operators are + - * / **, and 'and' and 'or' between conditions.")
        return Arithmetic(op, self.node(node.left), self.node(node.right), column=self.at(node))

    def on_BoolOp(self, node: ast.BoolOp) -> Node:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return Both(op, tuple(self.node(value) for value in node.values), column=self.at(node))

    def on_Compare(self, node: ast.Compare) -> Node:
        if len(node.ops) > 1:
            self.fail(node, "Comparisons cannot be chained. Write A <= X and X <= B.")
        op, right = node.ops[0], node.comparators[0]
        if isinstance(op, ast.In | ast.NotIn):
            return Membership(self.node(node.left), self.among(right), isinstance(op, ast.NotIn), column=self.at(node))
        if type(op) not in COMPARISON:
            self.fail(node, "This is not a comparison of expressions. Write == != < <= > >= or in, and missing(X) for a missing value.")
        return Comparison(COMPARISON[type(op)], self.node(node.left), self.node(right), column=self.at(node))

    def among(self, node: ast.AST) -> tuple[Literal, ...] | Name:
        items = node.elts if isinstance(node, ast.Tuple) else [node]
        if not items:
            self.fail(node, "The list after 'in' is empty, so no value is in it. List the values.", "expr-syntax")
        built = [self.node(item) for item in items]
        if len(built) == 1 and isinstance(built[0], Name) and built[0].owner == "STUDY":
            return built[0]
        if all(isinstance(item, Literal) for item in built):
            return tuple(item for item in built if isinstance(item, Literal))
        return self.fail(node, "'in' requires a list of constants, in (1, 2), or a list of the study, in STUDY.NAME.")

    def on_Call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name):
            meant = in_this_language(ast.unparse(node.func))
            self.fail(node, meant.strip() or "Only a function of expressions can be called, such as round(X, 1).")
        if node.keywords:
            self.fail(node, "A function takes its values by position. Delete the name before '='.")
        arguments = tuple(self.node(value) for value in node.args)
        return self.between(node, arguments) if node.func.id == "between" else Call(node.func.id, arguments, column=self.at(node))

    def between(self, node: ast.Call, arguments: tuple[Node, ...]) -> Node:
        """`between(x, a, b)` as the two comparisons it is short for."""
        if len(arguments) != 3:
            self.fail(node, f"Function between requires 3 values, but it has {len(arguments)}. Write between(x, lowest, highest).", "expr-arguments")
        x, low, high = arguments
        at = self.at(node)
        return Both("and", (Comparison(">=", x, low, column=at), Comparison("<=", x, high, column=at)), column=at)
