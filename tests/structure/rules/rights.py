"""Every model has access rights and, with a company, a rule for it."""

import ast
import csv
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

KINDS = ("Model", "TransientModel", "AbstractModel")


@dataclass
class Model:
    """A model that the suite adds, or the suite's part of one of Odoo's."""

    name: str
    label: str
    addon: str
    kind: str
    fields: dict
    inherits: list
    attributes: dict = field(default_factory=dict)

    @property
    def xml_id(self):
        """What data files call the model, without the addon."""
        return f"model_{self.name.replace('.', '_')}"

    @property
    def is_new(self):
        """Whether the class adds a model rather than extending one."""
        return self.name not in self.inherits


def models_have_rights(suite):
    """The addon of a model says who may do what with it."""
    rows = list(_access_rows(suite))
    for model in _new_models(suite):
        if not any(
            row["addon"] == model.addon
            and row["model_id:id"].rpartition(".")[2] == model.xml_id
            for row in rows
        ):
            yield f"{model.label}: {model.name} has no line in ir.model.access.csv."


def rights_name_a_group(suite):
    """A right without a group is one of everybody, of the public user too."""
    for row in _access_rows(suite):
        if not row.get("group_id:id"):
            yield f"{row['addon']}: the right {row['id']} names no group."


def company_models_have_a_company_rule(suite):
    """What belongs to a company is hidden from those who are not in it.

    Records of a wizard are its user's alone anyway.
    """
    ruled = {xml_id for xml_id, domain in _rules(suite) if "company_id" in domain}
    for model in _company_models(suite):
        if model.xml_id not in ruled:
            yield f"{model.label}: {model.name} has company_id but no company rule."


def company_models_check_companies(suite):
    """Links between records of different companies are refused."""
    for model in _company_models(suite):
        is_view = model.attributes.get("_auto") is False
        if not is_view and model.attributes.get("_check_company_auto") is not True:
            yield f"{model.label}: {model.name} lacks _check_company_auto = True."


def _new_models(suite):
    return [m for m in _models(suite) if m.is_new and m.kind != "AbstractModel"]


def _company_models(suite):
    """New stored models with a company, also by a mixin or an extension of ours."""
    models = _models(suite)
    with_company = {model.name for model in models if "company_id" in model.fields}
    for model in models:
        if model.is_new and model.kind == "Model":
            if with_company & {model.name, *model.inherits}:
                yield model


def _models(suite):
    found = []
    for name, addon in suite.items():
        for path in sorted(addon.path.rglob("*.py")):
            relative = path.relative_to(addon.path)
            if "tests" in relative.parts or "migrations" in relative.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and (kind := _kind(node)):
                    label = f"{name}/{relative.as_posix()}:{node.lineno}"
                    found.append(_read_model(node, kind, label, name))
    return found


def _kind(node):
    for base in node.bases:
        if isinstance(base, ast.Attribute) and base.attr in KINDS:
            return base.attr
    return None


def _read_model(node, kind, label, addon):
    attributes, fields = {}, {}
    for statement in node.body:
        target, value = _assignment(statement)
        if not target:
            continue
        if isinstance(value, ast.Call):
            fields[target] = value
        else:
            attributes[target] = _literal(value)
    inherits = attributes.get("_inherit") or []
    inherits = [inherits] if isinstance(inherits, str) else list(inherits)
    name = attributes.get("_name") or (inherits[0] if inherits else node.name)
    return Model(name, label, addon, kind, fields, inherits, attributes)


def _assignment(statement):
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    return None, None


def _literal(value):
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError):
        return None


def _access_rows(suite):
    for name, addon in suite.items():
        path = addon.path / "security" / "ir.model.access.csv"
        if path.exists():
            with path.open(newline="") as stream:
                for row in csv.DictReader(stream):
                    yield {"addon": name, **row}


def _rules(suite):
    """The record rules of the suite, as (XML id of the model, domain)."""
    for addon in suite.values():
        for path in sorted(addon.path.glob("*/*.xml")):
            for record in ElementTree.parse(path).iter("record"):
                if record.get("model") == "ir.rule":
                    values = {item.get("name"): item for item in record.iter("field")}
                    yield _rule_model(values), _text(values.get("domain_force"))


def _rule_model(values):
    reference = values["model_id"].get("ref", "") if "model_id" in values else ""
    return reference.rpartition(".")[2]


def _text(element):
    return "" if element is None else (element.text or element.get("eval") or "")
