import {registry} from "@web/core/registry";

// A storeman asks for goods by hand, and finds the transfer on the board.
registry.category("web_tour.tours").add("distribution_transfer_request", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=lane_id] input", run: "edit TCEN"},
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(TCEN → TDEP)",
            run: "click",
        },
        {
            content: "The lane says from where",
            trigger: ".o_field_widget[name=source_branch_id]:contains(Tour Central)",
        },
        {trigger: ".o_field_widget[name=reason] input", run: "click"},
        {trigger: ".o_select_menu_item:contains(Balancing)", run: "click"},
        {
            trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit Tour bolt",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour bolt)",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=requested_qty] input",
            run: "edit 5",
        },
        {trigger: "button[name=action_request]", run: "click"},
        {
            content: "Inside the policy it is approved at once",
            trigger: ".o_arrow_button_current:contains(Approved)",
        },
        {
            content: "It is reserved at the sender",
            trigger: ".o_field_widget[name=reservation_status]:contains(Reserved)",
        },
        {
            trigger: ".o_menu_sections button:contains(Transfers)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Transfer Board)",
            run: "click",
        },
        {
            content: "All columns are shown",
            trigger: ".o_kanban_group:nth-child(6):contains(To Reconcile)",
        },
        {
            content: "The sender is to ship it",
            trigger:
                ".o_kanban_group:nth-child(3) .o_kanban_record:contains(TCEN → TDEP)",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=line_ids]:contains(Tour bolt)"},
    ],
});
