"""What the suite consists of, read from the manifests of `addons/`."""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from console import SetupError
from paths import ADDONS, STATE

# Kept out of the database of the tests: it makes bulk data, and has one of its own.
DEMO_ADDON = "distribution_demo"
APPLICATION = "distribution"
# Changing these changes nothing in a database.
NOT_INSTALLED = ("tests", "readme", "__pycache__", "pyproject.toml", ".pot")


@dataclass
class Addon:
    """One folder of `addons/`."""

    name: str
    path: Path
    manifest: dict

    @property
    def depends(self):
        """The addons that this one names as dependencies."""
        return self.manifest.get("depends", [])

    def digest(self):
        """A fingerprint of all that an installation of this addon depends on."""
        digest = hashlib.sha256()
        for path in sorted(self.path.rglob("*")):
            relative = path.relative_to(self.path).as_posix()
            if path.is_dir() or any(
                part.endswith(NOT_INSTALLED) for part in relative.split("/")
            ):
                continue
            digest.update(relative.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]


def addons(folder=ADDONS):
    """The installable addons of the suite by name, each after what it depends on."""
    found = {}
    for path in sorted(folder.glob("*/__manifest__.py")):
        manifest = read_manifest(path)
        if manifest.get("installable", True):
            found[path.parent.name] = Addon(path.parent.name, path.parent, manifest)
    return _in_order(found)


def read_manifest(path):
    """The dictionary of a `__manifest__.py`."""
    try:
        return ast.literal_eval(path.read_text())
    except (ValueError, SyntaxError) as error:
        raise SetupError(f"{path} is not a dictionary of literals: {error}") from error


def closure(names, suite=None):
    """The addons of the suite that `names` need, themselves included, in order."""
    suite = suite or addons()
    needed, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in suite and name not in needed:
            needed.add(name)
            waiting.extend(suite[name].depends)
    return [name for name in suite if name in needed]


def odoo_modules(names, suite=None):
    """Odoo's own modules that the addons `names` of the suite depend on, sorted."""
    suite = suite or addons()
    depends = {"base": "base"}
    for addon in closure(names, suite):
        depends |= dict.fromkeys(suite[addon].depends, addon)
    modules = sorted(set(depends) - set(suite))
    for module in modules:
        if not any((folder / module).is_dir() for folder in odoo_folders()):
            raise SetupError(
                f"{depends[module]} depends on {module}, which is neither an addon of"
                " the suite nor a module of Odoo Community."
            )
    return modules


def odoo_folders():
    """The folders of Odoo's own modules; none before `make setup`."""
    file = STATE / "addons_path"
    return [Path(name) for name in file.read_text().split(",")] if file.exists() else []


def digests(suite=None):
    """The fingerprint of each addon."""
    return {name: addon.digest() for name, addon in (suite or addons()).items()}


def chosen(names):
    """Check that the suite has the addons `names`; return them in order."""
    suite = addons()
    unknown = sorted(set(names) - set(suite))
    if unknown:
        raise SetupError(
            f"The suite has no addon {', '.join(unknown)}. It has: {', '.join(suite)}."
        )
    return [name for name in suite if name in names]


def _in_order(found):
    ordered = {}

    def visit(name, above):
        if name in above:
            raise SetupError(f"Addons depend on each other: {' -> '.join(above)}.")
        if name in ordered or name not in found:
            return
        for dependency in found[name].depends:
            visit(dependency, (*above, name))
        ordered[name] = found[name]

    for name in found:
        visit(name, ())
    return ordered
