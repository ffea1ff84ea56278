import {Component, onWillStart, useExternalListener, useRef, useState} from "@odoo/owl";
import {router} from "@web/core/browser/router";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ExceptionList} from "./exception_list";
import {FigureCard} from "./figure_card";
import {KeysDialog, isForPage} from "./keys_dialog";
import {askAction} from "./server_action";

const BOARD = "distribution.board";
const EXCEPTION = "distribution.exception";
// What the address keeps, and what it is called in the filters.
const ADDRESS = {
    region: "region",
    branch: "branch",
    period: "period",
    from: "date_from",
    to: "date_to",
};

/** The board of a role: its figures, and beneath them what to do first. */
export class ControlTower extends Component {
    static template = "distribution_dashboard.ControlTower";
    static components = {ExceptionList, FigureCard, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        const before = this.props.state?.filters
            ? this.props.state
            : this.fromAddress();
        this.state = useState({
            code: before.code,
            filters: before.filters,
            count: before.count || 0,
            current: before.current || 0,
            data: null,
            said: "",
            isLoading: false,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({
                code: this.state.code,
                filters: {...this.state.filters},
                count: this.rows.length,
                current: this.state.current,
            }),
        });
        useExternalListener(window, "keydown", this.onKeydown);
        onWillStart(() => this.start());
    }

    /** What the address asks for; what an action asks for counts more. */
    fromAddress() {
        const {current} = router;
        const filters = {};
        for (const [key, name] of Object.entries(ADDRESS)) {
            if (current[key]) {
                filters[name] = current[key];
            }
        }
        const asked = this.props.action.context?.board;
        return {code: asked || current.board || false, filters};
    }

    /** An address may name a board that is not the reader's: then the own first one. */
    async start() {
        const {code} = this.state;
        try {
            await this.load();
        } catch (error) {
            if (!code || error.exceptionName !== "odoo.exceptions.AccessError") {
                throw error;
            }
            this.notification.add(error.data.message, {type: "warning"});
            this.state.code = false;
            await this.load();
        }
    }

    // Data.

    get data() {
        return this.state.data;
    }

    get rows() {
        return this.data?.exceptions?.rows || [];
    }

    async load() {
        const {code, filters, count} = this.state;
        const turn = (this.turn = (this.turn || 0) + 1);
        this.state.isLoading = true;
        try {
            const data = await this.orm.call(BOARD, "get_board", [
                code,
                {...filters, limit: count},
            ]);
            // An answer that comes late is not that to the last question.
            if (turn === this.turn) {
                this.show(data);
            }
        } finally {
            if (turn === this.turn) {
                this.state.isLoading = false;
            }
        }
    }

    show(data) {
        const place = this.rows.findIndex((row) => row.id === this.state.current);
        this.state.data = data;
        this.state.code = data.board.code || false;
        this.state.filters = data.filters;
        // What is done is gone from the list: its place is taken by the next one.
        if (place >= 0 && !this.rows.some((row) => row.id === this.state.current)) {
            this.state.current =
                this.rows[Math.min(place, this.rows.length - 1)]?.id || 0;
        }
        this.keepInAddress();
    }

    keepInAddress() {
        const {code, filters} = this.state;
        const isCustom = filters.period === "custom";
        this.props.updateActionState?.({
            board: code || undefined,
            region: filters.region || undefined,
            branch: filters.branch || undefined,
            period: filters.period,
            from: isCustom ? filters.date_from : undefined,
            to: isCustom ? filters.date_to : undefined,
        });
    }

    async refresh() {
        this.state.count = this.rows.length;
        await this.load();
    }

    async more() {
        const {code, filters} = this.state;
        const next = await this.orm.call(BOARD, "get_exceptions", [
            code,
            filters,
            this.rows.length,
        ]);
        const known = new Set(this.rows.map((row) => row.id));
        const rows = next.rows.filter((row) => !known.has(row.id));
        this.data.exceptions = {...next, rows: [...this.rows, ...rows]};
    }

    // Choices.

    chooseBoard(code) {
        this.state.code = code;
        return this.begin();
    }

    async choose(key, value) {
        this.state.filters = {...this.state.filters, [key]: value};
        const {period, date_from, date_to} = this.state.filters;
        if (period !== "custom" || (date_from && date_to)) {
            await this.begin();
        }
    }

    chooseRegion(value) {
        this.state.filters = {...this.state.filters, branch: 0};
        return this.choose("region", parseInt(value));
    }

    chooseBranch(value) {
        return this.choose("branch", parseInt(value));
    }

    begin() {
        this.state.count = 0;
        this.state.current = 0;
        return this.load();
    }

    /** Branches of the region that is chosen. */
    get branches() {
        const {region} = this.state.filters;
        return this.data.branches.filter(
            (branch) => !region || branch.regions.includes(region)
        );
    }

    get isFiltered() {
        return Boolean(this.state.filters.region || this.state.filters.branch);
    }

    /** The days that the figures are of: today is measured when it is over. */
    get daysText() {
        const {date_from, date_to} = this.state.filters;
        const ends = this.data.figures.map(({trend}) => trend.at(-1)?.[0] || "");
        const last = ends.sort().at(-1) || date_to;
        return _t("Figures of %(first)s to %(last)s", {
            first: formatDate(deserializeDate(date_from)),
            last: formatDate(deserializeDate(last)),
        });
    }

    get totalText() {
        const {total, money} = this.data.exceptions;
        return money
            ? _t("%(count)s open, %(money)s at risk", {count: total, money})
            : _t("%s open", total);
    }

    get snoozedText() {
        const {snoozed} = this.data.exceptions;
        return this.state.filters.snoozed
            ? _t("Hide %s snoozed", snoozed)
            : _t("Show %s snoozed", snoozed);
    }

    // Figures.

    async openFigure(figure) {
        const {code, filters} = this.state;
        const action = await askAction(this.orm, BOARD, "open_figure", [
            code,
            figure.code,
            filters,
        ]);
        return this.action.doAction(action);
    }

    // Exceptions.

    setCurrent(row) {
        this.state.current = row.id;
    }

    async openRow(row) {
        const action = await askAction(this.orm, EXCEPTION, "action_open_record", [
            [row.id],
        ]);
        return this.action.doAction(action);
    }

    openCustomer(row) {
        return this.action.doAction("distribution_dashboard.customer_page_action", {
            additionalContext: {active_id: row.customer_id},
        });
    }

    async resolve(row) {
        const action = await askAction(this.orm, EXCEPTION, "action_resolve", [
            [row.id],
        ]);
        const isWindow = action?.type === "ir.actions.act_window";
        if (action?.type) {
            await this.action.doAction(action, {onClose: () => this.refresh()});
        }
        if (!isWindow) {
            await this.settled(_t("Done: %s", row.name));
        }
    }

    async take(row) {
        await this.orm.call(EXCEPTION, "action_take", [[row.id]]);
        await this.settled(_t("Yours now: %s", row.name));
    }

    async snooze(row) {
        const action = await askAction(this.orm, EXCEPTION, "action_ask_snooze", [
            [row.id],
        ]);
        return this.action.doAction(action, {onClose: () => this.refresh()});
    }

    /** Said aloud by a screen reader, and seen by what has changed. */
    async settled(words) {
        await this.refresh();
        this.state.said = words;
    }

    // Keys.

    showKeys() {
        this.dialog.add(KeysDialog, {});
    }

    onKeydown(ev) {
        if (ev.key === "?" && isForPage(ev, this.ui, this.root.el)) {
            ev.preventDefault();
            this.showKeys();
        }
    }
}

registry.category("actions").add("distribution_dashboard.control_tower", ControlTower);
