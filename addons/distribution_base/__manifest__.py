{
    "name": "Distribution Base",
    "summary": "Roles of a distributor, records that cannot be forged, the app menu",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["mail"],
    "data": [
        "security/distribution_base_groups.xml",
        "security/ir.model.access.csv",
        "views/distribution_role_log_views.xml",
        "views/distribution_base_menus.xml",
    ],
}
