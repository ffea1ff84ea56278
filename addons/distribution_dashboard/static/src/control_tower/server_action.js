import {markup} from "@odoo/owl";

/** What a method of the server answers: an action, as `doAction` wants it, or nothing. */
export async function askAction(orm, model, method, args) {
    const action = await orm.call(model, method, args);
    if (action?.help) {
        action.help = markup(action.help);
    }
    return action;
}
