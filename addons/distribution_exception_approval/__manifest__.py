{
    "name": "Distribution Exceptions: Approvals",
    "summary": "Approvals past due, emergencies to review",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "distribution_approval"],
    "auto_install": True,
}
