{
    "name": "Distribution Exceptions: Sales",
    "summary": "Orders that will miss their promise, customers over their limit",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "sale_stock"],
    "data": [
        "data/mail_template_data.xml",
        "data/distribution_exception_rule_data.xml",
        "views/distribution_exception_rule_views.xml",
        "views/distribution_exception_views.xml",
        "views/sale_order_views.xml",
    ],
    "auto_install": True,
}
