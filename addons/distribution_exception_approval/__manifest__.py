{
    "name": "Distribution Exceptions: Approvals",
    "summary": "Approvals past due, emergencies to review",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "distribution_approval"],
    "data": ["data/distribution_exception_rule_data.xml"],
    "auto_install": True,
}
