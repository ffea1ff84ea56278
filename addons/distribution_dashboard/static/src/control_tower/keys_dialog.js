import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";

/** Letters count where nothing is typed and no dialog is open. */
export function isForPage(ev, ui, page) {
    const isTyped = ev.target.closest?.("input, select, textarea, .o-dropdown--menu");
    const isPage = ev.target === document.body || page?.contains(ev.target);
    const hasModifier = ev.ctrlKey || ev.altKey || ev.metaKey;
    return isPage && !isTyped && !hasModifier && ui.activeElement === document;
}

/** The keys of the control tower. */
export class KeysDialog extends Component {
    static template = "distribution_dashboard.KeysDialog";
    static components = {Dialog};
    static props = {close: Function};

    get title() {
        return _t("Keys");
    }

    get keys() {
        return [
            ["J ↓", _t("Next exception")],
            ["K ↑", _t("Exception before")],
            ["Enter", _t("Open the record")],
            ["R", _t("Do the usual thing")],
            ["T", _t("Take it")],
            ["S", _t("Snooze it")],
            ["?", _t("Show these keys")],
        ];
    }
}
