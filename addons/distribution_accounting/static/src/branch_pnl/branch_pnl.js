import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {download} from "@web/core/network/download";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {formatFloat} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const MODEL = "distribution.branch.pnl";
const STEPS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/** The profit and loss of the branches beside each other; every figure opens its items. */
export class BranchPnl extends Component {
    static template = "distribution_accounting.BranchPnl";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.table = useRef("table");
        this.display = {controlPanel: {}};
        const before = this.props.state || {};
        this.state = useState({
            options: before.options || {},
            folded: before.folded || {},
            column: before.column || "",
            report: null,
            choices: null,
            showOptions: false,
            isLoading: false,
        });
        useSetupAction({
            getLocalState: () => ({
                options: {...this.state.options},
                folded: {...this.state.folded},
                column: this.state.column,
            }),
        });
        onWillStart(async () => {
            const choices = this.orm.call(MODEL, "get_choices", []);
            await this.load();
            this.state.choices = await choices;
        });
    }

    // Data.

    async load() {
        this.state.isLoading = true;
        const turn = (this.turn = (this.turn || 0) + 1);
        try {
            const report = await this.orm.call(MODEL, "get_report", [
                this.state.options,
            ]);
            // An answer that comes late is not that to the last question.
            if (turn === this.turn) {
                this.state.report = report;
                this.state.options = report.options;
            }
        } finally {
            if (turn === this.turn) {
                this.state.isLoading = false;
            }
        }
    }

    get periods() {
        return [
            ["this_month", _t("This month")],
            ["last_month", _t("Last month")],
            ["this_quarter", _t("This quarter")],
            ["last_quarter", _t("Last quarter")],
            ["this_year", _t("This year")],
            ["last_year", _t("Last year")],
            ["custom", _t("Dates")],
        ];
    }

    get rowChoices() {
        return [
            ["account", _t("Account")],
            ["category", _t("Product category")],
            ["segment", _t("Customer segment")],
            ["channel", _t("Sales channel")],
        ];
    }

    get comparisons() {
        return [
            ["before", _t("Period before")],
            ["year", _t("Year before")],
        ];
    }

    get filters() {
        return [
            ["category_id", _t("All product categories")],
            ["industry_id", _t("All customer segments")],
            ["team_id", _t("All sales channels")],
        ].filter(([key]) => this.state.choices?.[key].length);
    }

    /** On a phone one column at a time, unless all are asked for. */
    get columns() {
        const columns = this.state.report.columns;
        if (!this.ui.isSmall || this.state.column === "all") {
            return columns;
        }
        return columns.filter((item) => item.key === this.columnKey);
    }

    get columnKey() {
        const columns = this.state.report.columns;
        const chosen = columns.find((item) => item.key === this.state.column);
        const company = columns.find((item) => item.kind === "company");
        return this.state.column === "all"
            ? "all"
            : (chosen || company || columns[0])?.key;
    }

    /** Regions above their branches: columns beside each other have one head. */
    get heads() {
        const heads = [];
        for (const column of this.columns) {
            const last = heads.at(-1);
            if (last && last.label === column.head) {
                last.width += this.parts.length;
            } else {
                heads.push({
                    key: column.key,
                    label: column.head,
                    width: this.parts.length,
                });
            }
        }
        return heads;
    }

    get parts() {
        return this.state.report.parts;
    }

    get rows() {
        return this.state.report.rows.filter(
            (row) => !row.section || !this.state.folded[row.section]
        );
    }

    get hasRows() {
        return !this.state.report.is_empty;
    }

    // Texts.

    formatted(row, part, value) {
        if (value === null || value === undefined) {
            return "";
        }
        if (row.kind === "ratio" || part.kind === "change") {
            return `${formatFloat(value, {digits: [16, 1]})} %`;
        }
        return this.amount(value);
    }

    amount(value) {
        return formatFloat(value, {digits: [16, this.state.report.decimals]});
    }

    isLink(row, part) {
        return row.kind !== "ratio" && part.kind === "amount";
    }

    cellClass(row, part, column, value) {
        const isResult = row.kind === "margin" || row.kind === "ratio";
        return {
            "text-danger": isResult && value < 0,
            "text-muted": value === 0 || part.key !== "now",
            o_branch_pnl_total: column.kind === "total" || column.kind === "company",
            o_branch_pnl_first: part.key === "now",
        };
    }

    get changeTitle() {
        return _t("What it changes the result by: costs that rise count as negative.");
    }

    figureTitle(row, part, column) {
        return _t("%(row)s, %(column)s, %(period)s: open the items", {
            row: row.label,
            column: column.label,
            period: part.label,
        });
    }

    // What people do.

    async choose(key, value) {
        this.state.options[key] = value;
        const {period, date_from, date_to} = this.state.options;
        if (period !== "custom" || (date_from && date_to)) {
            await this.load();
        }
    }

    /** Dates begin as the period that was shown. */
    choosePeriod(value) {
        const {start, stop} = this.parts[0];
        if (value === "custom") {
            Object.assign(this.state.options, {date_from: start, date_to: stop});
        }
        return this.choose("period", value);
    }

    chooseId(key, value) {
        return this.choose(key, value ? parseInt(value) : false);
    }

    compare(key) {
        const chosen = this.state.options.compare;
        return this.choose(
            "compare",
            chosen.includes(key) ? chosen.filter((x) => x !== key) : [...chosen, key]
        );
    }

    toggle(row) {
        this.state.folded[row.key] = !this.state.folded[row.key];
    }

    toggleAll() {
        const fold = !this.isAllFolded;
        for (const row of this.state.report.rows) {
            if (row.kind === "section") {
                this.state.folded[row.key] = fold;
            }
        }
    }

    get isAllFolded() {
        return this.state.report.rows.every(
            (row) => row.kind !== "section" || this.state.folded[row.key]
        );
    }

    async open(row, column, part) {
        const action = await this.orm.call(MODEL, "open_items", [
            this.state.options,
            row.key,
            column.key,
            part.key,
        ]);
        return this.action.doAction(action);
    }

    print() {
        return this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: "distribution_accounting.branch_pnl",
            name: _t("Branch P&L"),
            data: {branch_pnl: this.state.options},
        });
    }

    async exportSheet() {
        await download({
            url: "/distribution/branch_pnl.xlsx",
            data: {options: JSON.stringify(this.state.options)},
        });
    }

    /** Arrows go from figure to figure. */
    onKeydown(ev) {
        const step = STEPS[ev.key];
        const cell = ev.target.closest("td, th");
        if (!step || !cell || !ev.target.matches("button")) {
            return;
        }
        ev.preventDefault();
        const rows = [...this.table.el.querySelectorAll("tbody tr")];
        let row = rows.indexOf(cell.parentElement);
        let place = cell.cellIndex;
        do {
            row += step[0];
            place += step[1];
            const next = rows[row]?.cells[place];
            if (!next) {
                return;
            }
            const button = next.querySelector("button");
            if (button) {
                button.focus();
                return;
            }
        } while (rows[row]);
    }
}

registry.category("actions").add("distribution_accounting.branch_pnl", BranchPnl);
