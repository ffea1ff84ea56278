import {registry} from "@web/core/registry";

const TAKE = [
    {trigger: ".o_tower_exception:contains(Tour customer) .o_tower_take", run: "click"},
    {
        content: "Who has it needs not take it again",
        trigger: ".o_tower_exception:contains(Tour customer):not(:has(.o_tower_take))",
    },
];
// What each board is opened for; one action each.
const ACTIONS = {
    executive: [
        {trigger: ".o_tower_card[data-code=line_fill_rate]", run: "click"},
        {
            content: "The records behind the figure",
            trigger: ".o_list_view, .o_kanban_view",
        },
    ],
    operations: TAKE,
    branch: [
        {
            trigger: ".o_tower_exception:contains(Tour customer) .o_tower_resolve",
            run: "click",
        },
        {
            content: "The usual thing of this rule is to open the record",
            trigger: ".o_form_view .o_field_widget[name=category_id]",
        },
    ],
    regional: [
        {trigger: ".o_tower_branch", run: "selectByLabel [TNOR] Tour North"},
        {trigger: ".o_tower_exception:contains(Tour customer)"},
        {trigger: ".o_tower_branch", run: "selectByLabel [TWES] Tour West"},
        {
            content: "The other branch has nothing to do",
            trigger: ".o_tower_calm:contains(Nothing needs you now)",
        },
    ],
    sales: [
        {
            trigger: ".o_tower_exception:contains(Tour customer) .o_tower_customer",
            run: "click",
        },
        {trigger: ".o_customer_page:contains(Open orders)"},
    ],
    buyer: [
        {
            trigger: ".o_tower_exception:contains(Tour customer) .o_tower_snooze",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The vendor is closed today",
        },
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: ".o_tower_calm:contains(Everything that is open is snoozed)"},
        {trigger: ".o_tower_snoozed", run: "click"},
        {trigger: ".o_tower_exception:contains(Snoozed until)"},
    ],
    warehouse: [
        {trigger: ".o_control_tower", run: "press j"},
        {
            trigger: ".o_tower_exception:focus:contains(Tour customer)",
            run: "press Enter",
        },
        {trigger: ".o_form_view .o_field_widget[name=category_id]"},
    ],
    finance: [
        {trigger: ".o_tower_period", run: "selectByLabel This quarter"},
        {
            content: "The address keeps the choice",
            trigger: "body",
            run: async () => {
                const isKept = () =>
                    window.location.search.includes("period=this_quarter");
                for (let turn = 0; turn < 50 && !isKept(); turn++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                if (!isKept()) {
                    throw new Error(`The address says ${window.location.search}`);
                }
            },
        },
        {trigger: ".o_tower_card[data-code=line_fill_rate]"},
    ],
    planner: TAKE,
};

for (const [code, steps] of Object.entries(ACTIONS)) {
    registry.category("web_tour.tours").add(`distribution_board_${code}`, {
        steps: () => [
            {
                content: "What to do first is there",
                trigger: ".o_control_tower .o_tower_exception:contains(Tour customer)",
            },
            ...steps,
        ],
    });
}
