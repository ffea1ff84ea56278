import {askAction} from "../control_tower/server_action";
import {Component, onWillStart, useState} from "@odoo/owl";
import {router} from "@web/core/browser/router";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const ICONS = {
    done: "fa-check-circle text-success",
    part: "fa-adjust text-warning",
    open: "fa-circle-o text-muted",
    none: "fa-minus text-muted",
};

/** What a customer waits for, owes and said. */
export class CustomerPage extends Component {
    static template = "distribution_dashboard.CustomerPage";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.display = {controlPanel: {}};
        this.partnerId =
            this.props.action.context?.active_id || router.current.active_id || false;
        this.state = useState({page: null});
        onWillStart(async () => {
            if (this.partnerId) {
                await this.load();
                this.props.updateActionState?.({active_id: this.partnerId});
            }
        });
    }

    get page() {
        return this.state.page;
    }

    async load() {
        this.state.page = await this.orm.call(
            "distribution.customer.page",
            "get_page",
            [this.partnerId]
        );
    }

    icon(milestone) {
        return ICONS[milestone.state];
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async openException(row) {
        const action = await askAction(
            this.orm,
            "distribution.exception",
            "action_open_record",
            [[row.id]]
        );
        return this.action.doAction(action);
    }
}

registry.category("actions").add("distribution_dashboard.customer_page", CustomerPage);
