"""`make pot`: write `i18n/<addon>.pot` of each addon, the same for the same code."""

import os
import re

import database
import suite
from console import SetupError, say, step
from odoo_process import ODOO, run_logged, write_config
from paths import ADDONS, ROOT

# When it was exported says nothing about what was, and would change with every run.
DATES = re.compile(r'^"(?:POT-Creation-Date|PO-Revision-Date): .*\\n"\n', re.MULTILINE)


def main(names):
    """Export the terms of the addons `names` from a database that has them."""
    step(1, 2, "A database with the suite")
    target = database.suite_database()
    step(2, 2, f"Terms of {len(names)} addons")
    config = write_config("pot", db_name=target)
    export = [*ODOO, "i18n", "export", "--config", config, "--database", target]
    run_logged([*export, *names, "--languages", "pot"], "pot.log")
    for name in names:
        say(normalise(ADDONS / name / "i18n" / f"{name}.pot"))


def normalise(path):
    """Take the dates out of a template; return what there is to say about it."""
    text = DATES.sub("", path.read_text())
    terms = text.count("\nmsgid ") - 1  # the header has one too
    if terms < 1:
        path.unlink()
        return f"{path.stem}: nothing to translate"
    path.write_text(text)
    return f"{path.relative_to(ROOT)}: {terms} terms"


def chosen_names():
    """The addons that ADDONS names; all but the demo, whose data are not translated."""
    names = os.environ.get("ADDONS", "").replace(",", " ").split()
    if suite.DEMO_ADDON in names:
        raise SetupError(f"{suite.DEMO_ADDON} has no translation template.")
    return suite.chosen(names or database.names_without_demo())


if __name__ == "__main__":
    main(chosen_names())
