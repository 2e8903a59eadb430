"""Checks what can be checked of a SAS program without SAS: quotes, brackets, statements, steps, lengths of lines and names."""

import re

STATEMENTS = {
    "": "%let %include libname title data proc",
    "data": "set where format _hit _value run",
    "proc means": "class types var run",
    "proc format": "value run",
    "proc sql": "select create quit",
}
"""The statements that the generated programs have, outside of a step and in each kind of step."""
FORMAT = re.compile(r"\$?[A-Za-z_](\w*[A-Za-z_])?")


def problems(text):
    """What is wrong with a program; nothing if it is right as far as can be seen."""
    found = [f"line {number}: longer than 200" for number, line in enumerate(text.splitlines(), 1) if len(line) > 200]
    found += [] if text.isascii() else ["not ASCII"]
    bare = without_texts(text)
    if bare is None:
        return [*found, "a quote or a comment is not closed"]
    *statements, rest = [statement.strip() for statement in bare.split(";")]
    found += [f"no ; after: {rest}"] if rest else []
    step = ""
    for statement in statements:
        found += [f"brackets: {statement}"] if not balanced(statement) else []
        words = statement.split() or [""]
        first = words[0].lower()
        if not step and first in ("data", "proc"):
            step = " ".join(words[:2]).lower() if first == "proc" else "data"
            found += [f"unknown step: {statement}"] if step not in STATEMENTS else []
            continue
        allowed = STATEMENTS.get(step, "").split()
        found += [f"not in {step or 'open code'}: {statement}"] if first not in allowed else []
        if first == "value":
            found += format_problems(words)
        step = "" if first in ("run", "quit") else step
    return [*found, *([f"{step} is not ended"] if step else [])]


def format_problems(words):
    name = words[1]
    wrong = not FORMAT.fullmatch(name) or len(name) > 32
    return [f"not a name of a format: {name}"] if wrong else [] if words.count("=") == len(words[2:]) / 3 else [f"pairs of {name}"]


def without_texts(text):
    """The program with each quoted text as X and without comments; None if one is not closed."""
    result, place = "", 0
    while place < len(text):
        if text.startswith("/*", place):
            end = text.find("*/", place)
            if end < 0:
                return None
            place = end + 2
            continue
        sign = text[place]
        if sign in "'\"":
            end = text.find(sign, place + 1)
            if end < 0 or "\n" in text[place:end]:
                return None
            result, place = result + "X", end + 1
            continue
        result, place = result + sign, place + 1
    return re.sub("X+", "X", result)  # a doubled quote ends a text and begins the next


def balanced(statement):
    depth = 0
    for sign in statement:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0
