"""Odoo as a program: its configuration files, one-off runs and servers."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import postgres
from console import SetupError, say
from paths import ADDONS, DATA_DIR, LOGS, ROOT, STATE, VENV_PYTHON

PYTHON = (str(VENV_PYTHON),)
ODOO = [*PYTHON, "-m", "odoo"]
PROGRESS = re.compile(r"odoo\.modules\.loading: Loading module (\S+) \((\d+)/(\d+)\)")
# What the demo addon tells about its own progress while it makes its data.
DEMO_PROGRESS = re.compile(r" INFO \S+ odoo\.addons\.distribution_demo\S*: (.*)")
INVALID = "invalid module names"
PROGRESS_SECONDS = 5


def write_config(name, **options):
    """Write `.odoo/<name>.conf` for the server in use and return its path."""
    values = {
        "addons_path": ADDONS,
        "data_dir": DATA_DIR,
        "list_db": "False",
        "http_interface": "127.0.0.1",
        "workers": 0,
        "max_cron_threads": 0,
        "without_demo": "True",
        **postgres.server().options(),
        **options,
    }
    path = STATE / f"{name}.conf"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    lines = [f"{key} = {value}" for key, value in values.items()]
    path.touch(mode=0o600)
    path.write_text("\n".join(["[options]", *lines, ""]))
    return path


def filestore(database):
    """The folder of the attachments of `database`."""
    return DATA_DIR / "filestore" / database


def run_odoo(database, *arguments, log, env=None, python=PYTHON):
    """Run Odoo once on `database` without serving it; return the path of its log."""
    options = ["--config", write_config("odoo"), "--database", database]
    command = [*python, "-m", "odoo", *options, "--stop-after-init", "--no-http"]
    return run_logged([*command, *arguments], log, env)


def uninstall(database, *addons, log):
    """Uninstall `addons` and all that depends on them; return the path of the log."""
    options = ["--config", write_config("odoo"), "--database", database]
    return run_logged([*ODOO, "module", "uninstall", *options, *addons], log)


def run_logged(command, log, env=None):
    """Run Odoo with its log going to the new file `.odoo/logs/<log>`; return its path.

    Shows how far it is. A failure raises SetupError with the end of the log.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / log
    with path.open("wb") as stream:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=dict(os.environ, **(env or {})),
        )
    _follow(process, path)
    # Odoo ends with code 0 where it does not know a module of the list.
    text = path.read_text(errors="replace")
    if process.returncode or " CRITICAL " in text or INVALID in text:
        lines = text.splitlines()
        # The cause where it is not at the end, then the end.
        cause = [x for x in lines[:-20] if " CRITICAL " in x or INVALID in x]
        lines = cause + lines[-20:]
        tail = "\n".join(lines)
        raise SetupError(
            f"Odoo ended with code {process.returncode}. The whole log is in"
            f" {path.relative_to(ROOT)}.\n{tail}"
        )
    return path


def _follow(process, path):
    shown = time.monotonic()
    try:
        with path.open(errors="replace") as log:
            while True:
                ended = process.poll() is not None
                message = _last_progress(log.read())
                if message and time.monotonic() - shown > PROGRESS_SECONDS:
                    say(message)
                    shown = time.monotonic()
                if ended:
                    return
                time.sleep(0.5)
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _last_progress(text):
    for line in reversed(text.splitlines()):
        if match := DEMO_PROGRESS.search(line):
            return match[1].strip()
        if match := PROGRESS.search(line):
            return f"module {match[2]} of {match[3]}: {match[1]}"
    return None


# --- servers ------------------------------------------------------------------------


class OdooServer:
    """An Odoo server of its own process, known again later by a file of its pid."""

    def __init__(self, state):
        self.state = state
        self.values = json.loads(state.read_text()) if state.exists() else {}

    @property
    def url(self):
        """Where the server answers on this machine."""
        return f"http://127.0.0.1:{self.values['port']}"

    def runs(self):
        """Whether the process we started is there and answers."""
        return self._is_ours() and answers(f"{self.url}/web/login")

    def start(
        self, database, *, interface="127.0.0.1", first_port=8069, log="server.log"
    ):
        """Start serving `database` and wait until its login page answers."""
        self.stop()
        port = free_port(first_port, interface)
        name = self.state.stem
        config = write_config(
            name,
            db_name=database,
            dbfilter=f"^{re.escape(database)}$",
            http_interface=interface,
            http_port=port,
            max_cron_threads=1,
        )
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / log).open("wb") as stream:
            process = subprocess.Popen(
                [*ODOO, "--config", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.values = {"pid": process.pid, "port": port, "interface": interface}
        self.values["config"] = str(config)
        self.state.write_text(json.dumps(self.values))
        self._wait(process, LOGS / log)

    def _wait(self, process, log, seconds=180):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if answers(f"{self.url}/web/login"):
                return
            time.sleep(0.3)
        self.stop()
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise SetupError(f"The Odoo server does not answer. Its log ends with:\n{tail}")

    def stop(self):
        """End the process, if it is still ours, and forget it."""
        stopped = self._is_ours()
        if stopped:
            _end(self.values["pid"])
        self.state.unlink(missing_ok=True)
        self.values = {}
        return stopped

    def _is_ours(self):
        """The pid is of a process that was started with our configuration file."""
        pid = self.values.get("pid")
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                return self.values["config"].encode() in stream.read()
        except OSError:
            return False


def _end(pid):
    os.kill(pid, signal.SIGTERM)
    for _ in range(100):
        try:
            # Collects the process where it is our own child; it would stay a zombie.
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            if not os.path.exists(f"/proc/{pid}"):
                return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


def answers(url):
    """Whether `url` answers a GET request with a page."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port(first, interface="127.0.0.1"):
    """The first port from `first` on that nobody listens to."""
    for port in range(first, first + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((interface, port))
            except OSError:
                continue
            return port
    raise SetupError(f"No port is free between {first} and {first + 199}.")
