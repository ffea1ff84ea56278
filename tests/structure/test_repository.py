"""What holds for the repository as a whole."""

import re

import pytest
import yaml
from paths import ROOT

PINNED = re.compile(r"[\w.@/-]+(\[\w+\])?==\d\S*")
HOOK_PINNED = re.compile(r"[\w./-]+==\d\S*|@?[\w./-]+@\d\S*")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_exact(name):
    lines = (ROOT / name).read_text().splitlines()
    wrong = [x for x in lines if x and x[0] != "#" and not PINNED.fullmatch(x)]
    assert not wrong


def test_hooks_are_local_and_exact():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    tools = {
        tool
        for repo in config["repos"]
        for hook in repo["hooks"]
        for tool in hook["additional_dependencies"]
    }
    assert not [tool for tool in tools if not HOOK_PINNED.fullmatch(tool)]


def test_known_warnings_are_patterns():
    lines = (ROOT / "tests" / "known_warnings.txt").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns
    for pattern in patterns:
        assert not re.search(pattern, ""), f"{pattern!r} would let everything pass."
