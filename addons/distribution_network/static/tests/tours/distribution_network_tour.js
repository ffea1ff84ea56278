import {registry} from "@web/core/registry";

// A new region and branch, and a lane to it, as an administrator makes them by hand.
registry.category("web_tour.tours").add("distribution_network_open_branch", {
    steps: () => [
        {
            content: "The branches are there as cards",
            trigger: ".o_kanban_record:contains(Tour Central)",
        },
        {trigger: ".o_control_panel .o-kanban-button-new", run: "click"},
        {trigger: ".o_field_widget[name=name] input", run: "edit Tour Depot"},
        {trigger: ".o_field_widget[name=code] input", run: "edit TDEP"},
        {trigger: ".o_field_widget[name=region_id] input", run: "edit Tour Region"},
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Region)",
            run: "click",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "It is saved, and has a warehouse of its own",
            trigger: ".o_field_widget[name=warehouse_id] a:contains(Tour Depot)",
        },
        {trigger: ".nav-link[name=lanes]", run: "click"},
        {trigger: ".o_field_widget[name=lane_in_ids]"},
        {
            content: "The lanes have a menu of their own",
            trigger: ".o_menu_sections button:contains(Network)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Lanes)",
            run: "click",
        },
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=source_branch_id] input",
            run: "edit Tour Central",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Central)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=destination_branch_id] input",
            run: "edit Tour Depot",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Depot)",
            run: "click",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "The lane has made its route",
            trigger:
                ".o_field_widget[name=route_id]:contains(supply from Tour Central)",
        },
    ],
});
