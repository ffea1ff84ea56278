{
    "name": "Distribution Exceptions: Purchase",
    "summary": "Overdue receipts, moved dates, bills that do not match",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "purchase_stock"],
    "data": [
        "security/ir.model.access.csv",
        "data/distribution_exception_rule_data.xml",
        "data/mail_template_data.xml",
        "views/purchase_order_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
