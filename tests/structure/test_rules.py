"""Each rule finds what it is there to find, and leaves alone what is right."""

import pytest
from rules import RULES, files, layers, manifests, python_code, rights

NETWORK = "distribution_network"
MODEL = """
from odoo import fields, models


class Branch(models.Model):
    _name = "distribution.branch"
    _check_company_auto = True

    company_id = fields.Many2one("res.company")
"""
RIGHTS = (
    "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
    "access_branch,branch,model_distribution_branch,base.group_user,1,0,0,0\n"
)
RULE = """<odoo>
    <record id="branch_rule_company" model="ir.rule">
        <field name="model_id" ref="model_distribution_branch" />
        <field name="domain_force">[("company_id", "in", company_ids)]</field>
    </record>
</odoo>
"""
MODEL_FILES = {
    "models/branch.py": MODEL,
    "security/ir.model.access.csv": RIGHTS,
    "security/rules.xml": RULE,
}
SECURITY = ["security/ir.model.access.csv", "security/rules.xml"]


def method(body, name="models/thing.py"):
    """One file with one function around `body`."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return {name: f"def action(self):\n{lines}\n"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_suite_without_faults(small, rule):
    small.addon("distribution_base")
    small.addon(
        NETWORK, MODEL_FILES, depends=["distribution_base", "stock"], data=SECURITY
    )
    small.addon("distribution_approval", depends=["distribution_base", "mail"])
    small.addon(
        "distribution_approval_network",
        depends=["distribution_approval", NETWORK],
        auto_install=True,
    )
    assert small.findings(rule) == []


# --- layers -------------------------------------------------------------------------


def test_depending_upward(small):
    small.addon("distribution_base", depends=[NETWORK]).addon(NETWORK)
    assert small.findings(layers.depends_point_downward)


def test_depending_on_a_neighbour(small):
    small.addon("distribution_transfer", depends=["distribution_atp"])
    small.addon("distribution_atp")
    assert small.findings(layers.depends_point_downward)


def test_depending_on_glue_of_ones_own_height(small):
    glue = "distribution_approval_network"
    small.addon(glue, depends=["distribution_approval", NETWORK], auto_install=True)
    small.addon(NETWORK, depends=[glue]).addon("distribution_approval")
    with pytest.raises(SystemExit):
        small.findings(layers.depends_point_downward)


def test_unknown_addon(small):
    small.addon("distribution_surprise").addon("network")
    assert len(small.findings(layers.only_known_addons)) == 2


def test_standing_on_the_top(small):
    small.addon("distribution_demo", depends=["distribution"])
    small.addon(NETWORK, depends=["distribution_demo"])
    small.addon("distribution", depends=["distribution_portal"])
    small.addon("distribution_portal")
    assert small.findings(layers.nothing_depends_on_the_top) == [
        "distribution_network depends on distribution_demo, on which only L6 may stand."
    ]


def test_engine_that_knows_a_document(small):
    small.addon("distribution_approval", depends=["distribution_base", "sale"])
    assert len(small.findings(layers.engines_know_no_document)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"depends": ["distribution_approval", "sale", "stock"]},
        {"auto_install": None},
        {"depends": ["distribution_approval", "purchase"]},
    ],
)
def test_glue_with_a_fault(small, change):
    values = {"depends": ["distribution_approval", "sale"], "auto_install": True}
    small.addon("distribution_approval_sale", **{**values, **change})
    assert len(small.findings(layers.glue_joins_two_parents)) == 1


@pytest.mark.parametrize(
    ("second", "lines", "found"),
    [
        ("product", 150, 0),
        ("product", 151, 1),
        ("sale", layers.DOCUMENT_GLUE_LINES, 0),
        ("sale", layers.DOCUMENT_GLUE_LINES + 1, 1),
    ],
)
def test_thick_glue(small, second, lines, found):
    words = '"""Words do not count."""\n\n# Nor these.\n'
    small.addon(
        f"distribution_approval_{second}",
        {"models/x.py": words + "x = 1\n" * lines, "tests/test_x.py": "x = 1\n" * 400},
        depends=["distribution_approval", second],
        auto_install=True,
    )
    assert len(small.findings(layers.glue_joins_two_parents)) == found


def test_module_of_others(small, monkeypatch, tmp_path):
    odoo = tmp_path / "odoo"
    (odoo / "mail").mkdir(parents=True)
    monkeypatch.setattr(layers, "odoo_folders", lambda: [odoo])
    small.addon(NETWORK, depends=["mail", "account_reports"])
    small.addon("distribution_bridge_rma", depends=["rma"])
    assert small.findings(layers.depends_on_community_alone) == [
        "distribution_network depends on account_reports, which Odoo Community does not"
        " have."
    ]


# --- manifests ----------------------------------------------------------------------


def test_keys_missing_unusual_and_out_of_order(small):
    small.addon(NETWORK, website=None, colour="red", data=[], depends=["mail"])
    small.addon("distribution_base", application=True, auto_install=True)
    findings = small.findings(manifests.keys_are_in_order)
    assert len(findings) == 3


@pytest.mark.parametrize("version", ["1.0.0", "18.0.1.0.0", "19.0.1.0", "19.0.1.0.0a1"])
def test_version(small, version):
    small.addon(NETWORK, version=version)
    assert len(small.findings(manifests.version_is_of_odoo_19)) == 1


def test_licence(small):
    small.addon(NETWORK, license="AGPL-3").addon("distribution_bridge_rma")
    assert len(small.findings(manifests.licence_is_the_suites)) == 2
    small.addon("distribution_bridge_rma", license="AGPL-3")
    assert len(small.findings(manifests.licence_is_the_suites)) == 1


@pytest.mark.parametrize(
    "data",
    [
        ["views/a.xml", "security/b.csv"],
        ["views/menus.xml", "wizards/a.xml"],
        ["report/a.xml", "data/a.xml"],
    ],
)
def test_order_of_data(small, data):
    small.addon(NETWORK, data=data)
    assert len(small.findings(manifests.data_are_in_order)) == 1


def test_data_files_listed_but_missing_and_the_other_way_round(small):
    small.addon(NETWORK, {"views/a.xml": "<odoo/>"}, data=["views/b.xml"])
    assert len(small.findings(manifests.data_files_exist)) == 2


# --- rights -------------------------------------------------------------------------


def test_model_without_rights(small):
    small.addon(NETWORK, {"models/branch.py": MODEL})
    assert len(small.findings(rights.models_have_rights)) == 1


def test_wizard_without_rights(small):
    wizard = MODEL.replace("models.Model", "models.TransientModel")
    small.addon(NETWORK, {"wizards/branch.py": wizard})
    assert len(small.findings(rights.models_have_rights)) == 1
    assert not small.findings(rights.company_models_have_a_company_rule)


def test_mixins_and_extensions_need_no_rights(small):
    mixin = MODEL.replace("models.Model", "models.AbstractModel")
    extension = MODEL.replace("_name", "_inherit")
    small.addon(NETWORK, {"models/a.py": mixin, "models/b.py": extension})
    assert not small.findings(rights.models_have_rights)


def test_right_of_everybody(small):
    csv = RIGHTS.replace("base.group_user", "")
    small.addon(NETWORK, {"security/ir.model.access.csv": csv})
    assert len(small.findings(rights.rights_name_a_group)) == 1


def test_company_without_a_rule(small):
    no_rule = {**MODEL_FILES, "security/rules.xml": RULE.replace("company", "user")}
    small.addon(NETWORK, no_rule)
    assert len(small.findings(rights.company_models_have_a_company_rule)) == 1


def test_company_of_a_mixin_without_a_rule(small):
    mixin = MODEL.replace("models.Model", "models.AbstractModel")
    child = (
        MODEL.replace("distribution.branch", "distribution.lane")
        .replace("company_id =", "other_id =")
        .replace("_check", '_inherit = ["distribution.branch"]\n    _check')
    )
    small.addon(NETWORK, {"models/mixin.py": mixin, "models/lane.py": child})
    assert len(small.findings(rights.company_models_have_a_company_rule)) == 1


def test_company_is_not_checked(small):
    loose = MODEL.replace("_check_company_auto = True", "")
    small.addon(NETWORK, {"models/branch.py": loose})
    assert len(small.findings(rights.company_models_check_companies)) == 1
    view = MODEL.replace("_check_company_auto = True", "_auto = False")
    small.addon(NETWORK, {"models/branch.py": view})
    assert not small.findings(rights.company_models_check_companies)


# --- code ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "return self.sudo().partner_id",
        "# Far above.\n\nreturn self.sudo().partner_id",
        "if self:\n    # Of another line.\n    x = 1\n    y = self.sudo()",
        "for x in self.sudo():\n    # Inside the loop.\n    pass",
    ],
)
def test_sudo_without_a_comment(small, body):
    small.addon(NETWORK, method(body))
    assert len(small.findings(python_code.sudo_is_explained)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return self.sudo().partner_id  # a clerk may see the address",
        "# A clerk may see the address.\nreturn self.sudo().partner_id",
        "x = [\n    # A clerk may see the address.\n    self.sudo(),\n]",
        '"""As superuser: a clerk may see the address."""\nreturn self.sudo()',
        "return self.sudo(False)",
    ],
)
def test_sudo_that_is_explained(small, body):
    small.addon(NETWORK, method(body))
    assert not small.findings(python_code.sudo_is_explained)


def test_sudo_in_tests_needs_no_comment(small):
    small.addon(NETWORK, method("return self.sudo()", "tests/test_x.py"))
    assert not small.findings(python_code.sudo_is_explained)


@pytest.mark.parametrize(
    "expression",
    [
        'self.env._(f"Hello {name}")',
        '_("Hello %s" % name)',
        '_("Hello {}".format(name))',
        '_("Hello ") % name',
        'self.env._("Hello {}").format(name)',
        "_(text)",
    ],
)
def test_messages_that_cannot_be_translated(small, expression):
    small.addon(NETWORK, method(f"return {expression}"))
    assert len(small.findings(python_code.messages_can_be_translated)) == 1


def test_message_that_can_be_translated(small):
    body = 'return self.env._("Hello %(name)s " "there", name=name)'
    small.addon(NETWORK, method(body))
    assert not small.findings(python_code.messages_can_be_translated)


def test_sql_constraints(small):
    small.addon(NETWORK, method("_sql_constraints = []"))
    assert len(small.findings(python_code.constraints_are_objects)) == 1


def test_long_method(small):
    small.addon(NETWORK, method("x = 1\n" * 50))
    assert len(small.findings(python_code.methods_are_short)) == 1


# --- files --------------------------------------------------------------------------


def test_long_files(small):
    long = "x = 1\n" * 501
    small.addon(NETWORK, {"models/a.py": long, "static/src/a.js": long})
    small.write(NETWORK, "data/a.xml", long)
    assert len(small.findings(files.files_are_short)) == 2


def test_readme_missing_and_empty(small):
    small.addon(NETWORK, {"readme/HISTORY.md": " \n"})
    (small.folder / NETWORK / "readme" / "USAGE.md").unlink()
    assert len(small.findings(files.readme_is_there)) == 2


def test_addon_without_packaging(small):
    small.addon(NETWORK, {"pyproject.toml": ""})
    assert len(small.findings(files.addon_can_be_packaged)) == 1
