{
    "name": "Distribution Approval: Branches",
    "summary": "Approval by the branch's own people, in its own working hours",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_approval", "distribution_network"],
    "data": [
        "security/distribution_approval_network_rules.xml",
        "views/distribution_approval_views.xml",
    ],
    "auto_install": True,
}
