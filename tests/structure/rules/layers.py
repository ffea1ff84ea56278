"""Which addon may depend on which."""

import ast
import io
import tokenize

from suite import odoo_folders

# From the ground up. `depends` points from a row to rows above it in this table, so
# what stands in one row knows nothing of its neighbours. docs/architecture.md has the
# drawing.
LAYERS = [
    ("L0", ["distribution_base"]),
    (
        "L1",
        [
            "distribution_approval",
            "distribution_exception",
            "distribution_document",
            "distribution_integration",
        ],
    ),
    ("L2", ["distribution_network"]),
    ("L2", ["distribution_template", "distribution_accounting"]),
    ("L3", ["distribution_transfer", "distribution_atp", "distribution_quality"]),
    # Measures the documents of all below, so it stands on them; L4 adds its own KPIs.
    ("L3", ["distribution_kpi"]),
    (
        "L4",
        [
            "distribution_review",
            "distribution_allocation",
            "distribution_replenishment",
            "distribution_scanner",
            "distribution_claim",
            "distribution_matching",
            "distribution_credit",
            "distribution_intercompany",
        ],
    ),
    (
        "L5",
        [
            "distribution_dashboard",
            "distribution_portal",
            "distribution_insight",
            "distribution_monitoring",
        ],
    ),
    ("L6", ["distribution"]),
    ("L6", ["distribution_demo"]),
]
RANKS = {name: rank for rank, (_, names) in enumerate(LAYERS) for name in names}
LEVELS = {name: level for level, names in LAYERS for name in names}
# What an engine may use of Odoo: nothing that brings a business document.
TECHNICAL = {"base", "base_setup", "bus", "mail", "resource", "web"}
BRIDGE = "distribution_bridge_"
GLUE_LINES = 150
# Glue that brings a kind of document to an engine has one more job than joining: what is
# measured of it, what an approver is shown, what is guarded; or the queries that find its
# exceptions. That is one concept each, so it stays in one addon; docs/decisions/0008 and
# 0009 say why there is no smaller cut.
DOCUMENT_GLUE_LINES = 380
DOCUMENT_GLUE = {
    "distribution_approval_network",
    "distribution_approval_purchase",
    "distribution_approval_sale",
    "distribution_approval_stock",
    "distribution_exception_accounting",
    "distribution_exception_approval",
    "distribution_exception_network",
    "distribution_exception_purchase",
    "distribution_exception_sale",
    "distribution_exception_sale_margin",
    "distribution_exception_stock",
    "distribution_exception_transfer",
}


def is_glue(name):
    """Whether the name is that of an addon that joins two others."""
    return name not in RANKS and name.startswith("distribution_")


def rank(name, suite):
    """The height of an addon; glue stands right on top of its higher parent."""
    if name in RANKS:
        return RANKS[name]
    parents = [RANKS[parent] for parent in suite[name].depends if parent in RANKS]
    return max(parents, default=0) + 0.5


def depends_point_downward(suite):
    """An addon depends on addons of lower layers alone."""
    for name, addon in suite.items():
        for parent in addon.depends:
            if parent in suite and rank(parent, suite) >= rank(name, suite):
                yield f"{name} depends on {parent}, which is not below it."


def only_known_addons(suite):
    """The table of layers has every addon that is not glue."""
    for name in suite:
        if not name.startswith("distribution"):
            yield f"{name} is not named after the suite."
        elif is_glue(name) and len(_parents_in_table(name)) == 0:
            yield f"{name} is neither in the table of layers nor glue."


def nothing_depends_on_the_top(suite):
    """Only the application and the demo depend on L5 and L6."""
    for name, addon in suite.items():
        for parent in addon.depends:
            if LEVELS.get(parent) in ("L5", "L6") and LEVELS.get(name) != "L6":
                yield f"{name} depends on {parent}, on which only L6 may stand."


def engines_know_no_document(suite):
    """L1 depends on the base and on Odoo's technical modules."""
    for name, addon in suite.items():
        if LEVELS.get(name) == "L1":
            for parent in set(addon.depends) - TECHNICAL - {"distribution_base"}:
                yield f"{name} is an engine and must not know {parent}."


def glue_joins_two_parents(suite):
    """Glue is small, installs itself, and is named after exactly two parents."""
    for name, addon in suite.items():
        if not is_glue(name):
            continue
        if len(addon.depends) != 2:
            yield f"{name} joins {len(addon.depends)} addons, not two."
        if addon.manifest.get("auto_install") is not True:
            yield f"{name} is glue, so it must have auto_install."
        if not name.startswith(BRIDGE) and not _is_named_after(name, addon.depends):
            yield f"{name} is not named after its parents {', '.join(addon.depends)}."
        lines = _code_lines(addon.path)
        limit = DOCUMENT_GLUE_LINES if name in DOCUMENT_GLUE else GLUE_LINES
        if lines > limit:
            yield f"{name} is glue of {lines} lines; at most {limit} are thin."


def depends_on_community_alone(suite):
    """Only bridges depend on modules of others than the suite and Odoo Community."""
    folders = odoo_folders()
    if not folders:
        return
    for name, addon in suite.items():
        for parent in addon.depends:
            known = parent in suite or any((path / parent).is_dir() for path in folders)
            if not known and not name.startswith(BRIDGE):
                yield f"{name} depends on {parent}, which Odoo Community does not have."


def _parents_in_table(name):
    parents = set(RANKS) - {"distribution"}
    return [parent for parent in parents if name.startswith((f"{parent}_", BRIDGE))]


def _is_named_after(name, depends):
    """Whether glue has the names of its parents; `purchase` stands for `purchase_stock`."""
    full = {
        f"{first}_{second.removeprefix('distribution_')}"
        for first in depends
        for second in depends
        if first != second
    }
    return any(f"{known}_".startswith(f"{name}_") for known in full)


def _code_lines(path):
    """Lines of Python code, without tests and manifest; words about it do not count."""
    return sum(
        _lines_of_code(file.read_text())
        for file in path.rglob("*.py")
        if "tests" not in file.relative_to(path).parts and file.name[:2] != "__"
    )


def _lines_of_code(source):
    """Lines with a token that is neither a comment nor a docstring."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    words = set()
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False):
            text = node.body[0]
            words.update(range(text.lineno, text.end_lineno + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}
    silent |= {tokenize.DEDENT, tokenize.ENDMARKER}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - words)
