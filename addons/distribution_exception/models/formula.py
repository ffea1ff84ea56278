"""Formulas over the fields of a record, and filters, understood word by word.

Not `safe_eval`: that would hand a record to the formula, and a record can do whatever its
superuser may. Here a formula is read into its parts, and what is not on the list of parts
is refused; fields are read before, by path, so the formula sees values alone.
"""

import ast
import operator
from datetime import date, datetime, time, timedelta

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS = {
    "abs": abs,
    "min": min,
    "max": max,
    "round": lambda number, digits=0: round(number + 0.0, _few(digits)),
    "days": lambda number: timedelta(days=number),
    "hours": lambda number: timedelta(hours=number),
}
MOMENTS = ("now", "today")
LONGEST = 1000  # characters
DEEPEST = 50  # parts within parts
DIGITS = 12  # that a number is rounded to at most


class FormulaError(ValueError):
    """A formula that cannot be understood or worked out."""


def literal(text, names):
    """The value of a filter: lists and tuples of words, numbers and `names`.

    :param dict names: {name: value}
    :raise FormulaError: where it has anything else
    """
    try:
        return _literal(ast.parse(text.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"{text}: {error}") from error


def _literal(node, names):
    if isinstance(node, ast.List | ast.Tuple):
        kind = list if isinstance(node, ast.List) else tuple
        return kind(_literal(part, names) for part in node.elts)
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.Constant) and _is_plain(node.value):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _literal(node.operand, names)
        if isinstance(value, int | float):
            return -value
    raise ValueError(f"{ast.unparse(node)} is not understood")


def _is_plain(value):
    return value is None or isinstance(value, int | float | str)


class Formula:
    """A formula, parsed once: `paths` are the fields it reads, `evaluate` works it out."""

    def __init__(self, text):
        """Read the formula.

        :raise FormulaError: where it has anything that is not on the list of parts
        """
        self.text = (text or "").strip()
        if len(self.text) > LONGEST:
            raise FormulaError(f"longer than {LONGEST} characters")
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise FormulaError(f"{self.text}: {error}") from error
        self.paths = set()
        self._read(self._tree)

    def evaluate(self, values, now):
        """The value of the formula.

        :param dict values: {path: value} for each of `paths`; False stands for an empty date
        :param datetime now: naive UTC
        :raise FormulaError: where it cannot be worked out, such as a division by zero
        """
        names = {**values, "now": now, "today": now.date()}
        try:
            return self._value(self._tree, names)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise FormulaError(f"{self.text}: {error}") from error

    def _read(self, node, depth=1):
        if depth > DEEPEST:
            raise FormulaError(f"has more than {DEEPEST} parts within each other")
        path = _path(node)
        if path:
            if path not in MOMENTS:
                self.paths.add(path)
            return
        for child in _parts(node):
            self._read(child, depth + 1)

    def _value(self, node, names):
        path = _path(node)
        if path:
            return names[path]
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.BinOp):
            return _calculate(
                type(node.op),
                self._value(node.left, names),
                self._value(node.right, names),
            )
        if isinstance(node, ast.UnaryOp):
            return OPERATORS[type(node.op)](self._value(node.operand, names))
        if isinstance(node, ast.IfExp):
            chosen = node.body if self._value(node.test, names) else node.orelse
            return self._value(chosen, names)
        if isinstance(node, ast.BoolOp):
            return self._either(node, names)
        if isinstance(node, ast.Compare):
            return self._compare(node, names)
        arguments = [self._value(part, names) for part in node.args]
        return FUNCTIONS[node.func.id](*arguments)

    def _either(self, node, names):
        value = None
        for part in node.values:
            value = self._value(part, names)
            if bool(value) is isinstance(node.op, ast.Or):
                break
        return value

    def _compare(self, node, names):
        left = self._value(node.left, names)
        for sign, part in zip(node.ops, node.comparators, strict=True):
            right = self._value(part, names)
            if not OPERATORS[type(sign)](*_alike(left, right)):
                return False
            left = right
        return True


def _calculate(sign, left, right):
    """An arithmetic operation; dates count as moments, their difference as days."""
    left, right = _alike(left, right)
    if isinstance(left, str | bytes) or isinstance(right, str | bytes):
        # Also since a text times a number would fill the memory.
        raise TypeError("texts are compared, not calculated with")
    result = OPERATORS[sign](left, right)
    if isinstance(result, timedelta) and isinstance(left, datetime):
        return result.total_seconds() / 86400
    return result


def _few(digits):
    """A number of digits that is no work: round(1, -10 ** 9) would take for ever."""
    if not -DIGITS <= digits <= DIGITS:
        raise ValueError(f"round to {DIGITS} digits at most")
    return int(digits)


def _alike(left, right):
    """A day counts as its first moment where it meets a moment."""
    if isinstance(left, date) and isinstance(right, date):
        return _moment(left), _moment(right)
    return left, right


def _moment(value):
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def _path(node):
    """The path of fields a name or attribute stands for; None of anything else."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    names.append(node.id)
    if any(name.startswith("_") for name in names):
        raise FormulaError(f"{'.'.join(reversed(names))} is not a field")
    return ".".join(reversed(names))


def _parts(node):
    """The parts of a node that is on the list."""
    if isinstance(node, ast.Constant) and _is_plain(node.value):
        return []
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
        return [node.operand]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.Compare) and all(type(op) in OPERATORS for op in node.ops):
        return [node.left, *node.comparators]
    if isinstance(node, ast.IfExp):
        return [node.test, node.body, node.orelse]
    if isinstance(node, ast.Call) and not node.keywords:
        if isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            return node.args
    raise FormulaError(f"{ast.unparse(node)} is not understood")
