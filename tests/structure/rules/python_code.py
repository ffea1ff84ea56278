"""What the Python code of the addons must and must not do."""

import ast
import io
import tokenize

METHOD_LINES = 50
TRANSLATIONS = ("_", "_lt")


def sudo_is_explained(suite):
    """A comment says why a `sudo()` is right: on it, right above, or the docstring."""
    for path, label in python_files(suite, tests=False):
        source = path.read_text()
        tree = ast.parse(source)
        comments = _comment_lines(source)
        for call, statement, function in _calls(tree, "sudo"):
            if _drops_rights(call):
                continue
            explained = _has_comment(comments, source, statement, call)
            if not explained and "superuser" not in _docstring(function):
                yield f"{label}:{call.lineno}: sudo() without a comment that says why."


def messages_can_be_translated(suite):
    """The text to be translated is a constant; values are given as arguments."""
    for path, label in python_files(suite):
        for node in ast.walk(ast.parse(path.read_text())):
            if _is_translation(node) and node.args:
                if not isinstance(node.args[0], ast.Constant):
                    yield f"{label}:{node.lineno}: the translated text is no constant."
            elif _formats_translation(node):
                yield f"{label}:{node.lineno}: give the values to _() as arguments."


def constraints_are_objects(suite):
    """Odoo 19 reads models.Constraint and ignores _sql_constraints."""
    for path, label in python_files(suite):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Name) and node.id == "_sql_constraints":
                yield f"{label}:{node.lineno}: Odoo 19 ignores _sql_constraints."


def methods_are_short(suite):
    """A long method has a part without a name."""
    for path, label in python_files(suite):
        yield from long_methods(path, label)


def long_methods(path, label):
    """The functions of one file that are too long."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > METHOD_LINES:
                yield (
                    f"{label}:{node.lineno}: {node.name} has {lines} lines;"
                    f" {METHOD_LINES} are enough."
                )


def python_files(suite, tests=True):
    """The Python files of the addons, each with a name for messages."""
    for name, addon in suite.items():
        for path in sorted(addon.path.rglob("*.py")):
            relative = path.relative_to(addon.path)
            if tests or "tests" not in relative.parts:
                yield path, f"{name}/{relative.as_posix()}"


# --- sudo ---------------------------------------------------------------------------


def _calls(tree, method):
    """Calls of `method`, each with its statement and the function it is in."""

    def walk(node, statement, function):
        for child in ast.iter_child_nodes(node):
            inner = child if isinstance(child, ast.stmt) else statement
            around = child if isinstance(child, ast.FunctionDef) else function
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Attribute)
                and child.func.attr == method
            ):
                yield child, inner, around
            yield from walk(child, inner, around)

    yield from walk(tree, tree, None)


def _drops_rights(call):
    """`sudo(False)` gives up the rights of the superuser."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and first.value is False


def _has_comment(comments, source, statement, call):
    """On a line of the statement up to the call's end, or right above the statement."""
    if any(line in comments for line in range(statement.lineno, call.end_lineno + 1)):
        return True
    above = statement.lineno - 1
    # A decorator or a blank line is not where one explains a statement.
    return above in comments and source.splitlines()[above - 1].lstrip()[:1] == "#"


def _comment_lines(source):
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT}


def _docstring(function):
    return (ast.get_docstring(function) or "").lower() if function else ""


# --- translations -------------------------------------------------------------------


def _is_translation(node):
    if not isinstance(node, ast.Call):
        return False
    func = node.func
    if isinstance(func, ast.Name):
        return func.id in TRANSLATIONS
    return isinstance(func, ast.Attribute) and func.attr in TRANSLATIONS


def _formats_translation(node):
    """`_("…") % x` or `_("…").format(x)`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _is_translation(node.left)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and _is_translation(node.func.value)
    )
