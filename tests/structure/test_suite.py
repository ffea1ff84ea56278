"""The suite as it is keeps every rule."""

import ast

import pytest
import suite
from paths import ROOT
from rules import RULES, files, python_code

SUITE = suite.addons()
OUR_TOOLS = sorted([*ROOT.glob("setup/**/*.py"), *ROOT.glob("tests/**/*.py")])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule):
    findings = list(rule(SUITE))
    assert not findings, "\n" + "\n".join(findings)


@pytest.mark.parametrize("path", OUR_TOOLS, ids=lambda path: path.name)
def test_tools_are_short_too(path):
    findings = [
        *files.long_file(path, path.name),
        *python_code.long_methods(path, path.name),
    ]
    assert not findings


@pytest.mark.parametrize("path", OUR_TOOLS, ids=lambda path: path.name)
def test_tools_are_documented(path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path} says nothing."
