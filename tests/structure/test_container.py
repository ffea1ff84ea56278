"""The files for production: what they must have, without an engine to run them."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from paths import ROOT

CONTAINER = ROOT / "setup" / "container"
COMPOSE = ROOT / "docker-compose.yml"
REQUIRED = ("DOMAIN", "DB_ADMIN_PASSWORD", "DB_PASSWORD", "ADMIN_PASSWORD")
LASTING = ("db", "odoo", "proxy", "backup")


@pytest.fixture(scope="module")
def compose():
    """docker-compose.yml as a dictionary."""
    return yaml.safe_load(COMPOSE.read_text())


@pytest.mark.parametrize("service", LASTING)
def test_services_are_watched_and_limited(compose, service):
    values = compose["services"][service]
    assert values["healthcheck"]["test"]
    assert values["mem_limit"]
    assert values["restart"] == "unless-stopped"
    assert values["logging"]["options"]["max-size"]


def test_secrets_have_no_default(compose):
    text = COMPOSE.read_text()
    for name in REQUIRED:
        assert f"${{{name}:?" in text, f"{name} may be left out."
        assert f"{name}:-" not in text, f"{name} has a default."
    names = {secret["environment"] for secret in compose["secrets"].values()}
    assert names == set(REQUIRED) - {"DOMAIN"}


def test_no_password_is_written_down(compose):
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert str(value).startswith("/run/secrets/"), f"{name}: {key}"
    example = (CONTAINER / "env.example").read_text()
    assert re.findall(r"^\w*PASSWORD=(.*)$", example, re.MULTILINE) == ["", "", ""]


def test_data_outlive_the_containers(compose):
    mounts = {
        name: " ".join(service.get("volumes", []))
        for name, service in compose["services"].items()
    }
    assert "db-data:/var/lib/postgresql" in mounts["db"]
    assert "odoo-data:/var/lib/odoo" in mounts["odoo"]
    assert "/backups" in mounts["backup"]
    assert "odoo-data:" in mounts["backup"]


def test_only_the_proxy_is_reached_from_outside(compose):
    published = {name for name, x in compose["services"].items() if x.get("ports")}
    assert published == {"proxy"}
    assert compose["networks"]["back"]["internal"]


def test_odoo_has_workers_and_is_installed_first(compose):
    odoo = compose["services"]["odoo"]
    assert any(part.startswith("--workers=") for part in odoo["command"])
    assert odoo["depends_on"]["init"]["condition"] == "service_completed_successfully"


def test_proxy_sends_the_websocket_to_gevent():
    text = (CONTAINER / "Caddyfile").read_text()
    assert re.search(r"handle /websocket\* \{\s+reverse_proxy odoo:8072", text)
    config = (CONTAINER / "odoo.conf").read_text()
    assert "gevent_port = 8072" in config
    assert "proxy_mode = True" in config
    assert "list_db = False" in config


def test_mounted_and_copied_files_are_there(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            if volume.startswith("./setup"):
                assert (ROOT / volume.split(":")[0]).is_file(), volume
    for line in (CONTAINER / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY"):
            sources = [x for x in line.split()[1:-1] if not x.startswith("--")]
            assert all((ROOT / source).exists() for source in sources), line


def test_scripts_are_bash():
    for path in CONTAINER.glob("*.sh"):
        assert path.read_text().startswith("#!/bin/bash\n")
        subprocess.run(["bash", "-n", path], check=True)


def test_the_client_accepts_the_file():
    if not has_compose():
        pytest.skip("docker compose is not installed")
    values = dict.fromkeys(REQUIRED, "something")
    subprocess.run(
        ["docker", "compose", "--file", COMPOSE, "config", "--quiet"],
        env={**os.environ, **values},
        check=True,
    )


def has_compose():
    """Whether the client is here; it needs no engine to read a file."""
    if not shutil.which("docker"):
        return False
    command = ["docker", "compose", "version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# --- the log ------------------------------------------------------------------------

LOG = """\
starting
2026-11-22 00:03:11,512 77 INFO prod odoo.http: "GET /web" 200 \n\
2026-11-22 00:03:12,001 77 ERROR prod odoo.sql_db: bad query
Traceback (most recent call last):
  ValueError: no
2026-11-22 00:03:13,000 77 INFO ? odoo.service.server: Stopped
"""


def test_log_lines_become_json():
    result = subprocess.run(
        [sys.executable, CONTAINER / "log_json.py"],
        input=LOG,
        capture_output=True,
        text=True,
        check=True,
    )
    first, request, error, last = map(json.loads, result.stdout.splitlines())
    assert first == {"level": "INFO", "message": "starting"}
    assert request["message"] == '"GET /web" 200'
    assert request["time"] == "2026-11-22T00:03:11.512Z"
    assert error["level"] == "ERROR"
    assert error["message"].endswith("ValueError: no")
    assert (last["logger"], last["database"], last["pid"]) == (
        "odoo.service.server",
        "?",
        77,
    )


def test_a_record_does_not_wait_for_the_next():
    process = subprocess.Popen(
        [sys.executable, CONTAINER / "log_json.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        process.stdin.write(LOG.splitlines()[1] + "\n")
        process.stdin.flush()
        # Blocks for ever, and fails by the limit of the run, if it is kept back.
        assert json.loads(process.stdout.readline())["logger"] == "odoo.http"
        process.stdin.close()
