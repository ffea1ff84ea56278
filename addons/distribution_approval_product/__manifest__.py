{
    "name": "Distribution Approval: Product Categories",
    "summary": "Approval rules for the lines of some categories of products",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_approval", "product"],
    "data": ["views/distribution_approval_rule_views.xml"],
    "auto_install": True,
}
