import {Component, onWillStart, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate, today} from "@web/core/l10n/dates";
import {Layout} from "@web/search/layout";
import {downloadFile} from "@web/core/network/download";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const MODEL = "distribution.branch.balance";
const SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What each branch owns and owes at the end of a day. */
export class BranchBalance extends Component {
    static template = "distribution_accounting.BranchBalance";
    static components = {DateTimeInput, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.day = this.props.state?.day || null;
        this.state = useState({report: null, busy: false});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.report = await this.orm.call(MODEL, "get_report", [this.day]);
        } finally {
            this.state.busy = false;
        }
        this.day = this.state.report.day;
        this.props.updateActionState?.({day: this.day});
    }

    get date() {
        return deserializeDate(this.state.report.day);
    }

    /** Regions over their branches: name and number of columns. */
    get regions() {
        const regions = [];
        for (const column of this.state.report.columns) {
            const last = regions.at(-1);
            if (last && last.name === column.region) {
                last.span += 1;
            } else {
                regions.push({name: column.region, span: 1});
            }
        }
        return regions;
    }

    onDay(date) {
        this.day = serializeDate(date || today());
        return this.load();
    }

    isTotal(row) {
        return Boolean(row.sums) && !row.plain;
    }

    text(value) {
        const {digits, currency_id} = this.state.report;
        return formatMonetary(value, {
            currencyId: currency_id,
            digits: [16, digits],
            noSymbol: true,
        });
    }

    canOpen(row, column) {
        return row.opens && Boolean(row.values[column.id]);
    }

    async open(row, column) {
        const action = await this.orm.call(MODEL, "action_open", [
            row.key,
            column.id,
            this.state.report.day,
        ]);
        action.name = `${row.label}: ${column.name}`;
        action.display_name = action.name;
        return this.action.doAction(action);
    }

    printPage() {
        return this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: "distribution_accounting.branch_balance_page",
            report_file: "distribution_accounting.branch_balance_page",
            data: {day: this.state.report.day},
            context: {},
        });
    }

    async download() {
        const file = await this.orm.call(MODEL, "get_spreadsheet", [
            this.state.report.day,
        ]);
        const bytes = Uint8Array.from(atob(file.content), (x) => x.charCodeAt(0));
        downloadFile(new Blob([bytes], {type: SHEET}), file.name, SHEET);
    }
}

registry
    .category("actions")
    .add("distribution_accounting.branch_balance", BranchBalance);
