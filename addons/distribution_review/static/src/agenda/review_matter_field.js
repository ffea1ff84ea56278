import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What an item is about: what is wrong, where, why, and what was agreed. */
export class ReviewMatterField extends Component {
    static template = "distribution_review.ReviewMatter";
    static props = {...standardFieldProps};

    get data() {
        return this.props.record.data;
    }
}

registry.category("fields").add("review_matter", {
    component: ReviewMatterField,
    supportedTypes: ["char"],
    fieldDependencies: ["subject", "detail", "action_text", "note"].map((name) => ({
        name,
        type: "char",
        readonly: true,
    })),
    listViewWidth: [260],
});
