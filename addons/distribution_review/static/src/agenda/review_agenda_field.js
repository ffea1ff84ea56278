import {registry} from "@web/core/registry";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {ListRenderer} from "@web/views/list/list_renderer";

/** The agenda of a review: items in order, under the name of their branch. */
export class ReviewAgendaRenderer extends ListRenderer {
    static recordRowTemplate = "distribution_review.AgendaRow";

    startsPlace(record) {
        const records = this.props.list.records;
        const before = records[records.indexOf(record) - 1];
        return !before || before.data.place !== record.data.place;
    }

    undecidedIn(record) {
        return this.props.list.records.filter(
            (one) => one.data.place === record.data.place && !one.data.decision
        ).length;
    }
}

export class ReviewAgendaField extends X2ManyField {
    static components = {...X2ManyField.components, ListRenderer: ReviewAgendaRenderer};
}

registry.category("fields").add("review_agenda", {
    ...x2ManyField,
    component: ReviewAgendaField,
});
