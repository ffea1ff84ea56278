"""A small suite to break the rules with."""

import pytest
import suite

MANIFEST = {
    "name": "Distribution Network",
    "summary": "Branches",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Somebody",
    "website": "https://example.com",
    "license": "LGPL-3",
    "depends": ["mail"],
}


class SmallSuite:
    """Addons in a temporary folder, at first without any fault."""

    def __init__(self, folder):
        self.folder = folder

    def addon(self, name, files=None, **manifest):
        """Add an addon; `manifest` replaces keys, or drops those that are None."""
        values = {**MANIFEST, **manifest}
        values = {key: value for key, value in values.items() if value is not None}
        self.write(name, "__manifest__.py", repr(values))
        self.write(name, "pyproject.toml", 'build-backend = "whool.buildapi"')
        for fragment in ("DESCRIPTION", "USAGE", "CONFIGURE", "HISTORY"):
            self.write(name, f"readme/{fragment}.md", "Something.")
        for path, text in (files or {}).items():
            self.write(name, path, text)
        return self

    def write(self, name, path, text):
        """Write one file of an addon."""
        target = self.folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def findings(self, rule):
        """What `rule` finds."""
        return list(rule(suite.addons(self.folder)))


@pytest.fixture
def small(tmp_path):
    """An empty suite."""
    return SmallSuite(tmp_path)
