"""`make wheels`: build a wheel of each addon, or of those that ADDONS names."""

import os
import shutil

import suite
from console import run, say, step
from paths import ROOT, VENV_PYTHON

DIST = ROOT / "dist"


def main(names, folder=DIST):
    """Build the wheels of the addons `names` into `folder`; return their paths."""
    step(1, 1, f"Wheels of {len(names)} addons")
    shutil.rmtree(folder, ignore_errors=True)
    wheels = [build(name, folder) for name in names]
    say(f"{len(wheels)} wheels are in {folder.name}/")
    return wheels


def build(name, folder):
    """Build the wheel of one addon; whool takes its metadata from the manifest."""
    # The environment has the pinned whool: nothing is to be downloaded for the build.
    command = [VENV_PYTHON, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    addon = suite.addons()[name]
    run([*command, "--wheel-dir", folder, addon.path], cwd=ROOT)
    wheel = next(folder.glob(f"odoo_addon_{name}-*.whl"))
    say(wheel.name)
    return wheel


if __name__ == "__main__":
    chosen = os.environ.get("ADDONS", "").replace(",", " ").split()
    main(suite.chosen(chosen or suite.addons()))
