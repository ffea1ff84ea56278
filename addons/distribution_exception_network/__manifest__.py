{
    "name": "Distribution Exceptions: Network",
    "summary": "Exceptions by branch: thresholds, opening hours, owners and escalation",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "distribution_network"],
    "data": [
        "security/ir.model.access.csv",
        "security/distribution_exception_network_rules.xml",
        "data/distribution_exception_rule_data.xml",
        "views/distribution_exception_views.xml",
    ],
    "auto_install": True,
}
