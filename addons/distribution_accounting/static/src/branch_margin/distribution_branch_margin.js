import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const MODEL = "distribution.branch.margin";
const STEPS = [
    {name: "list_value", total: true},
    {name: "discount", sign: -1},
    {name: "net_sales", total: true},
    {name: "cost", sign: -1},
    {name: "freight", sign: -1},
    {name: "claims", sign: -1},
    {name: "margin", total: true},
];

/** From list price to net margin, as falling bars. */
export class BranchMargin extends Component {
    static template = "distribution_accounting.BranchMargin";
    static components = {DateTimeInput, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        const params = this.props.action.params || {};
        const kept = JSON.parse(this.props.state?.margin || "{}");
        this.base = params.domain || [];
        this.state = useState({
            report: null,
            busy: false,
            groupBy:
                kept.groupBy || (this.isAbout("order_id") ? "product_id" : "branch_id"),
            period: kept.period || params.period || null,
            chosen: kept.chosen || [],
        });
        onWillStart(() => this.load());
    }

    /** Whether the screen was opened for certain records. */
    isAbout(field) {
        return this.base.some((leaf) => leaf[0] === field);
    }

    get domain() {
        const chosen = this.state.chosen.map(({field, id}) => [field, "=", id]);
        return [...this.base, ...chosen];
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.report = await this.orm.call(MODEL, "get_waterfall", [
                this.domain,
                this.state.period,
                this.state.groupBy,
            ]);
        } finally {
            this.state.busy = false;
        }
        const {groupBy, chosen, report} = this.state;
        this.state.period = report.period;
        const kept = {groupBy, chosen, period: report.period};
        this.props.updateActionState?.({margin: JSON.stringify(kept)});
    }

    date(index) {
        return deserializeDate(this.state.report.period[index]);
    }

    onDate(index, date) {
        if (!date) {
            return null;
        }
        const period = [...this.state.period];
        period[index] = serializeDate(date);
        if (period[0] > period[1]) {
            period[1 - index] = period[index];
        }
        this.state.period = period;
        return this.load();
    }

    onGroupBy(ev) {
        this.state.groupBy = ev.target.value;
        return this.load();
    }

    /** Bars with their place between the least and the most, in percent. */
    get bars() {
        const {totals, labels, helps} = this.state.report;
        let level = 0;
        const bars = STEPS.map(({name, total, sign}) => {
            const amount = total ? totals[name] : sign * totals[name];
            const from = total ? 0 : level;
            level = total ? amount : level + amount;
            return {
                name,
                total,
                amount,
                from,
                to: level,
                label: labels[name],
                help: helps[name],
            };
        });
        const ends = bars.flatMap(({from, to}) => [from, to]);
        const least = Math.min(0, ...ends);
        const span = Math.max(0, ...ends) - least || 1;
        for (const bar of bars) {
            bar.left = ((Math.min(bar.from, bar.to) - least) / span) * 100;
            bar.width = (Math.abs(bar.to - bar.from) / span) * 100;
            bar.share = _t(
                "%s of net sales",
                `${this.percent(bar.amount, totals.net_sales)} %`
            );
        }
        return bars;
    }

    percent(part, whole) {
        return whole ? ((part / whole) * 100).toFixed(1) : "–";
    }

    text(value) {
        const {digits, currency_id} = this.state.report;
        return formatMonetary(value, {
            currencyId: currency_id,
            digits: [16, digits],
            noSymbol: true,
        });
    }

    choose(group) {
        const {groupBy, report} = this.state;
        this.state.chosen = [
            ...this.state.chosen.filter(({field}) => field !== groupBy),
            {
                field: groupBy,
                id: group.id,
                label: `${report.labels[groupBy]}: ${group.name}`,
            },
        ];
        const next = {region_id: "branch_id", branch_id: "partner_id"};
        this.state.groupBy = next[groupBy] || "product_id";
        return this.load();
    }

    forget(field) {
        this.state.chosen = this.state.chosen.filter((item) => item.field !== field);
        return this.load();
    }

    openLines(extra = []) {
        const [first, last] = this.state.report.period;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Lines of invoices"),
            res_model: MODEL,
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
            ],
            domain: [
                ...this.domain,
                ...extra,
                ["date", ">=", first],
                ["date", "<=", last],
            ],
            context: {margin_period: [first, last]},
        });
    }
}

registry.category("actions").add("distribution_accounting.branch_margin", BranchMargin);
