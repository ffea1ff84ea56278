import {Component, useEffect, useExternalListener, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {isForPage} from "./keys_dialog";

/** What to do, first things first: rows of a table, or cards on a phone. */
export class ExceptionList extends Component {
    static template = "distribution_dashboard.ExceptionList";
    static props = {
        rows: Array,
        current: Number,
        readonly: Boolean,
        // Each is called with a row.
        onCurrent: Function,
        onOpen: Function,
        onResolve: Function,
        onTake: Function,
        onSnooze: Function,
        onCustomer: Function,
    };

    setup() {
        this.ui = useService("ui");
        this.root = useRef("root");
        this.state = useState({focus: 0});
        useExternalListener(window, "keydown", this.onLetter);
        // Focus follows once the row is drawn.
        useEffect(
            () => {
                if (this.state.focus) {
                    this.element(this.props.current)?.focus();
                }
            },
            () => [this.state.focus]
        );
    }

    element(id) {
        return this.root.el?.querySelector(`[data-id="${id}"]`);
    }

    /** The row that the tab key comes to. */
    get currentId() {
        const {rows, current} = this.props;
        return rows.some((row) => row.id === current) ? current : rows[0]?.id;
    }

    label(row) {
        const parts = [row.name, row.detail, row.severity, row.rule, row.branch];
        return [...parts, _t("at risk %s", row.amount), row.deadline, ...row.flags]
            .filter(Boolean)
            .join(", ");
    }

    step(by) {
        const {rows} = this.props;
        const place = rows.findIndex((row) => row.id === this.currentId);
        const isIn = this.root.el.contains(document.activeElement);
        const next =
            rows[isIn ? Math.max(0, Math.min(rows.length - 1, place + by)) : place];
        if (next) {
            this.props.onCurrent(next);
            this.state.focus++;
        }
    }

    currentRow() {
        return this.props.rows.find((row) => row.id === this.currentId);
    }

    /** Arrows and Enter count on a row, and leave its buttons alone. */
    onKeydown(ev) {
        const by = {ArrowDown: 1, ArrowUp: -1}[ev.key];
        if (!ev.target.dataset.id || !(by || ev.key === "Enter")) {
            return;
        }
        ev.preventDefault();
        if (by) {
            this.step(by);
        } else {
            this.props.onOpen(this.currentRow());
        }
    }

    onLetter(ev) {
        const page = this.root.el?.closest(".o_control_tower");
        const act = this.letters[ev.key.toLowerCase()];
        if (act && isForPage(ev, this.ui, page)) {
            ev.preventDefault();
            act(this.currentRow());
        }
    }

    get letters() {
        const letters = {j: () => this.step(1), k: () => this.step(-1)};
        if (this.props.readonly) {
            return letters;
        }
        return {
            ...letters,
            r: (row) => row.resolve_label && this.props.onResolve(row),
            t: (row) => row.is_mine || this.props.onTake(row),
            s: (row) => this.props.onSnooze(row),
        };
    }
}
