"""Which files an addon has, and how long they may be."""

FILE_LINES = 500
COUNTED = (".py", ".js", ".xml", ".scss")
# Rows of data, not code: as long as there is data.
UNCOUNTED_FOLDERS = ("data", "demo", "lib")
FRAGMENTS = ("DESCRIPTION.md", "USAGE.md", "CONFIGURE.md", "HISTORY.md")


def files_are_short(suite):
    """A long file has a part without a name."""
    for name, addon in suite.items():
        for path in sorted(addon.path.rglob("*")):
            parts = path.relative_to(addon.path).parts
            if path.suffix in COUNTED and not set(parts) & set(UNCOUNTED_FOLDERS):
                yield from long_file(path, f"{name}/{'/'.join(parts)}")


def long_file(path, label):
    """A finding if the file is too long."""
    lines = len(path.read_text().splitlines())
    if lines > FILE_LINES:
        yield f"{label} has {lines} lines; {FILE_LINES} are enough."


def readme_is_there(suite):
    """The four fragments of the readme are there and say something."""
    for name, addon in suite.items():
        for fragment in FRAGMENTS:
            path = addon.path / "readme" / fragment
            if not path.is_file() or not path.read_text().strip():
                yield f"{name}/readme/{fragment} is missing or empty."


def addon_can_be_packaged(suite):
    """A pyproject.toml makes a wheel of the addon."""
    for name, addon in suite.items():
        path = addon.path / "pyproject.toml"
        if not path.is_file() or "whool.buildapi" not in path.read_text():
            yield f"{name}/pyproject.toml does not name whool as its build backend."
