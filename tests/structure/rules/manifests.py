"""What a `__manifest__.py` says, and in which order."""

import re

KEYS = [
    "name",
    "summary",
    "version",
    "category",
    "author",
    "website",
    "license",
    "depends",
    "external_dependencies",
    "data",
    "demo",
    "assets",
    "pre_init_hook",
    "post_init_hook",
    "uninstall_hook",
    "post_load",
    "auto_install",
    "application",
]
REQUIRED = KEYS[: KEYS.index("depends") + 1]
VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
# What is loaded first. A file of menus comes last, wherever it is.
DATA_ORDER = ["security", "data", "views", "wizards", "report", "menus"]


def keys_are_in_order(suite):
    """The keys are the usual ones, in the usual order, and none is missing."""
    for name, addon in suite.items():
        keys = list(addon.manifest)
        for key in REQUIRED:
            if not addon.manifest.get(key):
                yield f"{name}/__manifest__.py has no {key}."
        for key in keys:
            if key not in KEYS:
                yield f"{name}/__manifest__.py has the unusual key {key}."
        known = [key for key in keys if key in KEYS]
        wanted = sorted(known, key=KEYS.index)
        if known != wanted:
            yield f"{name}/__manifest__.py: the order of keys is {', '.join(wanted)}."


def version_is_of_odoo_19(suite):
    """The version is 19.0.x.y.z."""
    for name, addon in suite.items():
        version = str(addon.manifest.get("version"))
        if not VERSION.fullmatch(version):
            yield f"{name}/__manifest__.py: version {version} is not 19.0.x.y.z."


def licence_is_the_suites(suite):
    """LGPL-3; AGPL-3 for the bridges, which join modules under it."""
    for name, addon in suite.items():
        wanted = "AGPL-3" if name.startswith("distribution_bridge_") else "LGPL-3"
        if addon.manifest.get("license") != wanted:
            yield f"{name}/__manifest__.py: the licence must be {wanted}."


def data_are_in_order(suite):
    """Data files are loaded in the order of DATA_ORDER."""
    for name, addon in suite.items():
        ranks = [_data_rank(path) for path in addon.manifest.get("data", [])]
        if ranks != sorted(ranks):
            order = ", ".join(DATA_ORDER)
            yield f"{name}/__manifest__.py: the order of data is {order}."


def data_files_exist(suite):
    """Every listed file is there, and every XML or CSV file is listed."""
    for name, addon in suite.items():
        listed = {*addon.manifest.get("data", []), *addon.manifest.get("demo", [])}
        for path in sorted(listed):
            if not (addon.path / path).is_file():
                yield f"{name}/__manifest__.py lists {path}, which is not there."
        folders = (*DATA_ORDER, "demo", "wizard")
        for folder in folders:
            for path in sorted((addon.path / folder).rglob("*.[xc][ms][lv]")):
                relative = path.relative_to(addon.path).as_posix()
                if relative not in listed and not _is_read_by_code(addon, path):
                    yield f"{name}/{relative} is not in the manifest."


def _is_read_by_code(addon, path):
    return any(path.name in file.read_text() for file in addon.path.rglob("*.py"))


def _data_rank(path):
    folder = "menus" if "menu" in path.rpartition("/")[2] else path.partition("/")[0]
    return DATA_ORDER.index(folder) if folder in DATA_ORDER else len(DATA_ORDER)
