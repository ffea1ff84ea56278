import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Sparkline} from "./sparkline";

const ARROWS = {up: "fa-arrow-up", down: "fa-arrow-down", level: "fa-arrows-h"};
const CHANGES = {better: "text-success", worse: "text-danger", same: "text-muted"};
const STATUSES = {
    good: ["fa-check-circle", "text-success"],
    near: ["fa-exclamation-circle", "text-warning"],
    bad: ["fa-times-circle", "text-danger"],
};

/** One figure: its value, target, change and line; a click opens what is behind it. */
export class FigureCard extends Component {
    static template = "distribution_dashboard.FigureCard";
    static components = {Sparkline};
    static props = {figure: Object, canOpen: Boolean, onOpen: Function};

    get figure() {
        return this.props.figure;
    }

    /** What cannot be computed has nothing behind it. */
    get isLink() {
        return this.props.canOpen && !this.figure.failure && this.figure.value !== null;
    }

    get label() {
        return this.isLink
            ? _t("%s. Open the records behind it", this.figure.sentence)
            : this.figure.sentence;
    }

    get arrow() {
        return ARROWS[this.figure.arrow];
    }

    get changeClass() {
        return CHANGES[this.figure.change];
    }

    get statusIcon() {
        return STATUSES[this.figure.status]?.[0];
    }

    get statusClass() {
        return STATUSES[this.figure.status]?.[1] || "text-muted";
    }
}
