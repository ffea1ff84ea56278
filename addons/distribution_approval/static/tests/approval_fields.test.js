import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {
    contains,
    defineModels,
    editSelectMenu,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class Rule extends models.Model {
    _name = "rule";

    facts = fields.Json();
    measure_codes = fields.Json();
    measure = fields.Selection({
        selection: [
            ["amount", "Amount"],
            ["margin", "Margin"],
            ["variance", "Variance"],
        ],
    });

    _records = [
        {
            id: 1,
            facts: [
                ["Vendor", "Fjord Machines"],
                ["Stock cover", false],
            ],
            measure: "variance",
            measure_codes: ["amount", "margin"],
        },
        {id: 2, facts: false, measure: false, measure_codes: ["amount", "margin"]},
    ];
}

defineMailModels();
defineModels([Rule]);

const FORM = `<form>
    <field name="facts" widget="approval_facts"/>
    <field name="measure_codes" invisible="1"/>
    <field name="measure" widget="approval_measure"/>
</form>`;

test("each fact is a card", async () => {
    await mountView({type: "form", resModel: "rule", resId: 1, arch: FORM});
    expect(".o_approval_fact").toHaveCount(2);
    expect(".o_approval_fact:first").toHaveText("Vendor\nFjord Machines");
    expect(".o_approval_fact:last").toHaveText("Stock cover\n–");
});

test("a document without facts has no cards", async () => {
    await mountView({type: "form", resModel: "rule", resId: 2, arch: FORM});
    expect(".o_approval_fact").toHaveCount(0);
});

test("only the measures of the document are offered", async () => {
    await mountView({type: "form", resModel: "rule", resId: 2, arch: FORM});
    await contains(".o_field_widget[name=measure] input").click();
    expect(".o_select_menu_item").toHaveCount(2);
    await editSelectMenu(".o_field_widget[name=measure] input", {value: "Margin"});
    expect(".o_field_widget[name=measure] input").toHaveValue("Margin");
});

test("a measure that the document no longer has is still shown", async () => {
    await mountView({
        type: "form",
        resModel: "rule",
        resId: 1,
        arch: FORM.replace('"approval_measure"', '"approval_measure" readonly="1"'),
    });
    expect(".o_field_widget[name=measure]").toHaveText("Variance");
});
