"""Databases: the cached one of Odoo's own modules, copies of it, and the suite on them.

A database is built under another name and renamed when it is whole, so that one with
the wanted name is always complete, also after an interruption.
"""

import hashlib
import os
import shutil
import uuid

import postgres
import suite
from console import run, say
from odoo_process import filestore, run_odoo
from paths import STATE, VENV_PYTHON

# Checkouts that share a PostgreSQL server need names of their own.
PREFIX = os.environ.get("DB_PREFIX", "distribution")
DEMO = f"{PREFIX}_demo"
TEST = f"{PREFIX}_test"
BASE = f"{PREFIX}_base_"
ODOO_VERSION = STATE / "odoo_version"


def base_database(modules):
    """The name of a database with Odoo's `modules` and nothing else, built if needed."""
    server = postgres.server()
    text = f"{odoo_version()} {' '.join(modules)}"
    name = BASE + hashlib.sha256(text.encode()).hexdigest()[:10]
    if name in server.databases():
        return name
    say(f"database {name} with Odoo's modules {', '.join(modules)}")
    partial = f"{name}_partial"
    drop(partial)
    run_odoo(partial, "-i", ",".join(modules), log=f"{name}.log")
    rename(partial, name)
    return name


def odoo_version():
    """Version and place of the Odoo in use; a base database belongs to one."""
    command = "import odoo.release as r; print(r.version, r.__file__)"
    return run([VENV_PYTHON, "-c", command]).strip()


def prune(wanted):
    """Drop the base databases that are not among `wanted`."""
    for name in sorted(postgres.server().databases()):
        if name.startswith(BASE) and name not in wanted:
            say(f"dropping {name}, which no addon needs any more")
            drop(name)


def build(name, addons, *, log, env=None, options=()):
    """Build database `name` with `addons` of the suite and what they depend on."""
    partial = f"{name}_partial"
    copy(base_database(suite.odoo_modules(addons)), partial)
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
