{
    "name": "Distribution Exceptions: Transfers",
    "summary": "Transfers that are late or do not agree, differences past due",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "distribution_transfer"],
    "data": [
        "security/ir.model.access.csv",
        "data/distribution_exception_rule_data.xml",
        "wizards/distribution_transfer_delay_views.xml",
    ],
    "auto_install": True,
}
