{
    "name": "Distribution Approval",
    "summary": "One approval engine: policies, delegation, evidence, separated duties",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_base", "mail", "resource"],
    "data": [
        "security/ir.model.access.csv",
        "security/distribution_duty_rules.xml",
        "data/distribution_duty_data.xml",
        "views/distribution_duty_views.xml",
    ],
}
