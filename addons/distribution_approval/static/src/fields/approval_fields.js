import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {
    SelectionField,
    selectionField,
} from "@web/views/fields/selection/selection_field";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What one needs to know to decide: a card for each [label, text]. */
export class ApprovalFactsField extends Component {
    static template = "distribution_approval.ApprovalFactsField";
    static props = {...standardFieldProps};

    get facts() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("approval_facts", {
    component: ApprovalFactsField,
    displayName: _t("Facts as cards"),
    supportedTypes: ["json"],
});

/** The measures of the rule's own kind of document, out of those of all kinds. */
export class ApprovalMeasureField extends SelectionField {
    get options() {
        const codes = this.props.record.data.measure_codes;
        return Array.isArray(codes)
            ? super.options.filter(([code]) => codes.includes(code))
            : super.options;
    }

    get string() {
        const value = this.props.record.data[this.props.name];
        const option = super.options.find(([code]) => code === value);
        return option ? option[1] : "";
    }
}

registry.category("fields").add("approval_measure", {
    ...selectionField,
    component: ApprovalMeasureField,
    displayName: _t("Measure of the document"),
    supportedTypes: ["selection"],
    fieldDependencies: [{name: "measure_codes", type: "json"}],
});
