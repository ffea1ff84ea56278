import {
    Component,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {rpcBus} from "@web/core/network/rpc";
import {user} from "@web/core/user";
import {useDebounced} from "@web/core/utils/timing";
import {useBus, useService} from "@web/core/utils/hooks";

const COUNT_CHANGED = "distribution.approval/count";

/** Whether a button of a request or of its dialog was pressed. */
function isButtonOfApproval({data}) {
    const {model = "", method = ""} = data.params || {};
    return model.startsWith("distribution.approval.") && method.startsWith("action_");
}

/** How many requests wait for the user; a click opens them. */
export class ApprovalCounter extends Component {
    static template = "distribution_approval.ApprovalCounter";
    static props = {};

    setup() {
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.orm = useService("orm");
        this.state = useState({count: 0});
        this.refresh = this.refresh.bind(this);
        // Several documents that are decided at once send one message each.
        this.refreshSoon = useDebounced(this.refresh, 300);
        this.bus.subscribe(COUNT_CHANGED, this.refreshSoon);
        onWillUnmount(() => this.bus.unsubscribe(COUNT_CHANGED, this.refreshSoon));
        // The bus may have slept while another window was in front, and some servers have
        // none: what the user decides here counts at once.
        useExternalListener(window, "focus", this.refreshSoon);
        useBus(rpcBus, "RPC:RESPONSE", ({detail}) => {
            if (isButtonOfApproval(detail)) {
                this.refreshSoon();
            }
        });
        onWillStart(() => {
            // Nobody waits for the number: the screen is there first.
            this.refresh();
        });
    }

    get title() {
        if (!this.state.count) {
            return _t("My approvals");
        }
        return _t("My approvals: %s waiting", this.state.count);
    }

    async refresh() {
        try {
            this.state.count = await this.orm.silent.call(
                "distribution.approval.request",
                "get_my_count",
                []
            );
        } catch {
            // A number that cannot be had, such as offline, must not disturb the work.
        }
    }

    open() {
        return this.action.doAction(
            "distribution_approval.distribution_approval_request_my_action",
            {clearBreadcrumbs: true}
        );
    }
}

registry
    .category("systray")
    .add(
        "distribution_approval.ApprovalCounter",
        {Component: ApprovalCounter, isDisplayed: () => user.isInternalUser !== false},
        {sequence: 22}
    );
