"""The addons as wheels: Odoo finds them in an environment without our checkout."""

import subprocess
import sysconfig

import pytest
import suite
import wheels
from console import run
from paths import ROOT, VENV_PYTHON

FIND = """
from odoo.modules.module import get_module_path, initialize_sys_path
from odoo.tools import config
config.parse_config(["--addons-path="], setup_logging=False)
initialize_sys_path()
print(get_module_path("distribution_base"))
"""


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory):
    """The Python of a new environment in which Odoo is installed, but no addon."""
    folder = tmp_path_factory.mktemp("clean")
    run([VENV_PYTHON, "-m", "venv", "--without-pip", folder])
    site = next((folder / "lib").glob("python3.*/site-packages"))
    # Odoo and its packages are those of our environment; its .pth files count too.
    ours = sysconfig.get_path("purelib")
    (site / "odoo.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return folder / "bin" / "python"


def test_wheels_install_and_odoo_finds_them(clean_python, tmp_path):
    names = suite.closure([suite.APPLICATION])
    built = wheels.main(names, tmp_path / "dist")
    assert len(built) == len(names)
    # With dependencies: those on Odoo and on each other must hold.
    pip = [VENV_PYTHON, "-m", "pip", "--python", clean_python, "install", "--no-index"]
    run([*pip, "--find-links", tmp_path / "dist", f"odoo-addon-{suite.APPLICATION}"])
    found = run([clean_python, "-c", FIND], cwd=tmp_path).strip().splitlines()[-1]
    assert found.startswith(str(clean_python.parents[1]))


def test_a_wheel_has_what_odoo_loads(tmp_path):
    wheel = wheels.build("distribution_base", tmp_path)
    listing = subprocess.check_output(
        [VENV_PYTHON, "-m", "zipfile", "-l", wheel], text=True, cwd=ROOT
    )
    for path in (
        "__manifest__.py",
        "security/ir.model.access.csv",
        "models/__init__.py",
    ):
        assert f"odoo/addons/distribution_base/{path}" in listing
