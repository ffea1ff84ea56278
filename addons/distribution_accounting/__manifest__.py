{
    "name": "Distribution Accounting",
    "summary": "Every journal item has a branch: profit and balance of each, to the cent",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": [
        "distribution_network",
        "distribution_approval",
        "stock_landed_costs",
    ],
    "data": [
        "security/ir.model.access.csv",
        "data/analytic_plan_data.xml",
        "data/ir_cron_data.xml",
        "views/account_views.xml",
        "views/res_config_settings_views.xml",
        "views/distribution_accounting_menus.xml",
    ],
    "post_init_hook": "post_init_hook",
}
