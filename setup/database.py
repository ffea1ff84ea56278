"""Databases: cached ones of Odoo's modules and of the suite, and copies of them.

A database is built under another name and renamed when it is whole, so that one with
the wanted name is always complete, also after an interruption.
"""

import functools
import hashlib
import os
import shutil
import uuid

import postgres
import suite
from console import run, say
from odoo_process import filestore, run_odoo
from paths import VENV_PYTHON

# Checkouts that share a PostgreSQL server need names of their own.
PREFIX = os.environ.get("DB_PREFIX", "distribution")
DEMO = f"{PREFIX}_demo"
TEST = f"{PREFIX}_test"
# These are named after what they were built from, so one that is there is up to date.
BASE = f"{PREFIX}_base_"
SUITE = f"{PREFIX}_suite_"


def base_database(modules):
    """The name of a database with Odoo's `modules` alone, built where needed."""
    name = _base_name(modules)
    if not exists(name):
        say(f"database {name} with Odoo's modules {', '.join(modules)}")
        partial = f"{name}_partial"
        # Most modules are in a smaller database already, and take long to install.
        if smaller := _nearest_base(modules):
            copy(_base_name(smaller), partial)
        else:
            drop(partial)
        missing = [module for module in modules if module not in smaller]
        run_odoo(partial, "-i", ",".join(missing), log=f"{name}.log")
        rename(partial, name)
    return name


def _base_name(modules):
    return BASE + _hash(odoo_version(), *modules)


def _nearest_base(modules):
    """The most modules of Odoo, of these, that there is a base database of."""
    known = [suite.odoo_modules([name]) for name in suite.addons()]
    ready = [
        other
        for other in known
        if set(other) < set(modules) and exists(_base_name(other))
    ]
    return max(ready, key=len, default=[])


def suite_database():
    """The name of a database with all addons but the demo, built where needed."""
    name = suite_database_name()
    if not exists(name):
        _drop_others(SUITE, wanted={name})
        build(name, names_without_demo(), log=f"{name}.log")
    return name


def suite_database_name():
    """The name that belongs to the code as it is now."""
    digests = [suite.addons()[name].digest() for name in names_without_demo()]
    return SUITE + _hash(odoo_version(), *digests)


def names_without_demo():
    """The addons of the suite that the tests install together."""
    return [name for name in suite.addons() if name != suite.DEMO_ADDON]


def _hash(*parts):
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:10]


@functools.cache
def odoo_version():
    """Version and place of the Odoo in use; a base database belongs to one."""
    command = "import odoo.release as r; print(r.version, r.__file__)"
    return run([VENV_PYTHON, "-c", command]).strip()


def prune():
    """Drop the base databases that no addon of the suite needs any more."""
    wanted = [suite.odoo_modules([name]) for name in suite.addons()]
    wanted += [suite.odoo_modules(suite.addons()), suite.odoo_modules(["base"])]
    version = odoo_version()
    _drop_others(BASE, {BASE + _hash(version, *modules) for modules in wanted})


def _drop_others(prefix, wanted):
    for name in sorted(postgres.server().databases()):
        if name.startswith(prefix) and name not in wanted:
            drop(name)


def build(name, addons, *, log, env=None, options=(), base=None):
    """Build database `name` with `addons` of the suite and what they depend on.

    `base` is a database with Odoo's modules, where more are wanted than these need.
    """
    partial = f"{name}_partial"
    copy(base or base_database(suite.odoo_modules(addons)), partial)
    say(f"installing {', '.join(addons)}")
    path = run_odoo(partial, "-i", ",".join(addons), *options, log=log, env=env)
    rename(partial, name)
    return path


def copy(source, target):
    """Copy a database with its attachments, with an identity of its own."""
    drop(target)
    server = postgres.server()
    server.copy(source, target)
    # Attachments are named after their content and never rewritten: links will do.
    if filestore(source).is_dir():
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)
    for key in ("database.uuid", "database.secret"):
        server.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key = %s",
            [str(uuid.uuid4()), key],
            database=target,
        )


def rename(source, target):
    """Rename a database with its attachments; an older `target` is dropped."""
    drop(target)
    # First the attachments: a database that has its name is whole.
    if filestore(source).is_dir():
        filestore(source).rename(filestore(target))
    postgres.server().rename(source, target)


def drop(name):
    """Drop a database with its attachments, if it is there."""
    postgres.server().drop(name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def exists(name):
    """Whether there is a database `name`."""
    return name in postgres.server().databases()
