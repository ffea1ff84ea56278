"""The backup of production, on a database here: what is lost comes back."""

import os
import subprocess
import time

import database
import postgres
import pytest
from paths import ROOT

SCRIPT = ROOT / "setup" / "container" / "backup.sh"
NAME = f"{database.PREFIX}_backup"


@pytest.fixture
def source():
    """A database with an attachment, gone after the test."""
    database.copy(database.base_database(["base"]), NAME)
    yield postgres.server()
    database.drop(NAME)


@pytest.fixture
def backup(source, tmp_path):
    """The script as a function, with folders of its own."""
    data = tmp_path / "data"
    attachment = data / "filestore" / NAME / "ab" / "abcdef"
    attachment.parent.mkdir(parents=True)
    attachment.write_text("an attachment")
    folder = tmp_path / "backups"
    folder.mkdir()
    environment = {
        **os.environ,
        **source.environment(),
        "PATH": f"{postgres.programs()}:{os.environ['PATH']}",
        "PGDATABASE": NAME,
        "BACKUP_FOLDER_IN_CONTAINER": str(folder),
        "BACKUP_KEEP_DAYS": "14",
        "ODOO_DATA": str(data),
    }

    def call(*arguments, check=True):
        return subprocess.run(
            ["bash", SCRIPT, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=check,
        )

    call.folder, call.attachment = folder, attachment
    return call


def partners(server):
    """How many partners the database has."""
    return server.execute("SELECT count(*) FROM res_partner", database=NAME)[0][0]


def test_what_is_lost_comes_back(source, backup):
    before = partners(source)
    assert backup("check", check=False).returncode
    backup("once")
    backup("check")
    name = backup("list").stdout.strip()
    source.execute("UPDATE res_partner SET name = 'gone'", database=NAME)
    source.execute("DROP TABLE ir_cron_trigger CASCADE", database=NAME)
    backup.attachment.unlink()
    backup("restore", name)
    assert partners(source) == before
    gone = "SELECT 1 FROM res_partner WHERE name = 'gone'"
    assert not source.execute(gone, database=NAME)
    source.execute("SELECT 1 FROM ir_cron_trigger", database=NAME)
    assert backup.attachment.read_text() == "an attachment"


def test_a_damaged_backup_is_not_restored(source, backup):
    backup("once")
    name = backup("list").stdout.strip()
    (backup.folder / name / "database.dump").write_text("damaged")
    assert backup("restore", name, check=False).returncode
    assert partners(source)


def test_old_backups_go_and_others_stay(backup):
    for name in (f"{NAME}-old", "of-something-else"):
        (backup.folder / name).mkdir()
        month = time.time() - 30 * 86400
        os.utime(backup.folder / name, (month, month))
    backup("once")
    names = {path.name for path in backup.folder.iterdir()}
    assert f"{NAME}-old" not in names
    assert "of-something-else" in names
    assert len(names) == 2


def test_a_failure_leaves_no_backup(source, backup):
    source.drop(NAME)
    assert backup("once", check=False).returncode
    assert backup("check", check=False).returncode
