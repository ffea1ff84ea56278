import {registry} from "@web/core/registry";

// An approver opens what waits from the systray, approves one request from its form, and
// rejects the other with a reason.
registry.category("web_tour.tours").add("distribution_approval_decide", {
    steps: () => [
        {
            content: "Two requests wait",
            trigger: ".o_approval_counter:has(.o_approval_count:contains(2))",
            run: "click",
        },
        {
            content: "The list says why they wait for this user",
            trigger: ".o_data_row:contains(Tour order 1):contains(Branch manager)",
        },
        {
            trigger: ".o_data_row:contains(Tour order 1) td[name=document]",
            run: "click",
        },
        {
            content: "The form explains itself and shows the facts",
            trigger: ".o_field_widget[name=explanation]:contains(the limit is 1,000)",
        },
        {trigger: ".o_approval_fact:contains(Lines)"},
        {trigger: "button[name=action_approve_now]", run: "click"},
        {
            content: "The screen says what follows",
            trigger: ".o_notification:contains(is approved and carried out)",
        },
        {trigger: ".o_statusbar_status .o_arrow_button_current:contains(Approved)"},
        {
            content: "The counter follows without a reload",
            trigger: ".o_approval_counter:has(.o_approval_count:contains(1))",
            run: "click",
        },
        {
            content: "Odoo shows the list as it was, then as it is",
            trigger: ".o_list_renderer:not(:has(.o_data_row:contains(Tour order 1)))",
        },
        {
            trigger: ".o_data_row:contains(Tour order 2) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Reject)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit We have enough of it",
        },
        {trigger: ".modal footer button:contains(Reject)", run: "click"},
        {
            content: "Nothing waits any more",
            trigger: ".o_view_nocontent:contains(Nothing waits for you)",
        },
        {trigger: ".o_approval_counter:not(:has(.o_approval_count))"},
    ],
});

// An administrator writes a policy by hand: one rule with two bands, and puts it in force.
registry.category("web_tour.tours").add("distribution_approval_policy", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour policy",
        },
        {trigger: ".o_field_widget[name=document_model] input", run: "click"},
        {
            trigger: ".o_select_menu_item:contains(Fake order)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=rule_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit By amount",
        },
        {trigger: ".modal .o_field_widget[name=measure] input", run: "click"},
        {trigger: ".o_select_menu_item:contains(Amount)", run: "click"},
        {
            content: "Two bands are proposed; the second one begins elsewhere",
            trigger:
                ".modal .o_data_row:contains(from 1,000 USD) td[name=display_name]",
            run: "click",
        },
        {
            content: "Whoever leads a branch is proposed",
            trigger: ".modal .o_field_widget[name=step_ids]:contains(Branch manager)",
        },
        {
            trigger: ".modal .o_field_widget[name=lower] input",
            run: "edit 2500",
        },
        {
            trigger: ".modal:has(.o_field_widget[name=lower]) .o_form_button_save",
            run: "click",
        },
        {
            content: "The first band ends where the second one begins",
            trigger:
                ".modal .o_data_row:contains(below 2,500 USD):contains(no approval)",
        },
        {
            trigger: ".modal:has(.o_field_widget[name=measure]) .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(from 2,500 USD: Branch manager)",
        },
        {trigger: "button[name=action_activate]", run: "click"},
        {trigger: ".o_statusbar_status .o_arrow_button_current:contains(Active)"},
    ],
});
