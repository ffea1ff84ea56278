"""From a bare Python to a working environment: `python3 setup/bootstrap.py`.

Uses nothing but the standard library. Each step is skipped where it is already done,
so it may be run again at any time, also after an interruption.
"""

import hashlib
import os
import shutil
import subprocess
import sys

from console import SetupError, run, say, step
from odoo_source import PrivateApt, addons_paths, find_or_fetch
from paths import ROOT, STATE, VENV, VENV_PYTHON

STEPS = 4
OLDEST, NEWEST = (3, 10), (3, 13)


def main():
    """Make the virtual environment, install the packages, fetch and join Odoo."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            f"Odoo 19 runs on Python 3.10 to 3.13; this is {sys.version.split()[0]}. "
            "Name another with `make setup PYTHON=python3.12`."
        )
    STATE.mkdir(exist_ok=True)
    step(1, STEPS, "Python environment in .venv")
    make_venv()
    step(2, STEPS, "Python packages")
    install_packages()
    step(3, STEPS, "Odoo 19 Community")
    odoo = find_or_fetch()
    step(4, STEPS, "Joining Odoo to the environment")
    join_odoo(odoo)


def make_venv():
    """Create `.venv` with pip, also where the system's Python has no ensurepip."""
    if VENV_PYTHON.exists() and _succeeds(VENV_PYTHON, "-m", "pip", "--version"):
        version = run([VENV_PYTHON, "-c", "import sys; print(sys.version_info[:2])"])
        if version.strip() == str(tuple(sys.version_info[:2])):
            say("already here")
            return
    shutil.rmtree(VENV, ignore_errors=True)
    if _succeeds(sys.executable, "-c", "import ensurepip"):
        run([sys.executable, "-m", "venv", VENV])
        return
    say("this Python has no ensurepip; taking pip from Debian's packages")
    run([sys.executable, "-m", "venv", "--without-pip", VENV])
    apt = PrivateApt(STATE / "apt-pip")
    apt.update(["stable"])
    folder = STATE / "pip"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    apt.download(["python3-pip-whl"], folder)
    run(["dpkg-deb", "-x", next(folder.glob("*.deb")), folder])
    wheel = next(folder.rglob("pip-*.whl"))
    run([VENV_PYTHON, wheel / "pip", "install", "--quiet", "--no-index", wheel])


def install_packages():
    """Install the pinned requirements, unless the same pins are already installed."""
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    mark = VENV / "requirements.sha256"
    if mark.exists() and mark.read_text() == digest:
        say("already installed")
        return
    command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--progress-bar", "off"]
    for path in files:
        say(f"installing {path.name}")
        run([*command, "-r", path])
    mark.write_text(digest)


def join_odoo(root):
    """Make `odoo` importable and visible to pip as `odoo 19.0`."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    (site / "odoo_source.pth").write_text(f"{root}\n")
    metadata = site / "odoo-19.0.dist-info"
    if not any(root.glob("odoo-19.0*.egg-info")):
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n"
        )
        (metadata / "INSTALLER").write_text("setup/bootstrap.py\n")
        (metadata / "RECORD").write_text("")
    (STATE / "addons_path").write_text(
        ",".join(str(path) for path in addons_paths(root))
    )
    run(
        [
            VENV_PYTHON,
            "-c",
            "import odoo.release, odoo.cli; print(odoo.release.version)",
        ]
    )


def _succeeds(*command):
    return (
        subprocess.call(
            [str(part) for part in command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ),
        )
        == 0
    )


if __name__ == "__main__":
    main()
