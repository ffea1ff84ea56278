{
    "name": "Distribution Exceptions: Accounting",
    "summary": "Items without branch, overdue receivables, lost margin by customer",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "distribution_accounting"],
    "data": [
        "data/mail_template_data.xml",
        "data/distribution_exception_rule_data.xml",
        "views/distribution_exception_rule_views.xml",
    ],
    "auto_install": True,
}
