{
    "name": "Distribution Exceptions: Prices and Margins",
    "summary": "Order lines sold below the pricelist or under the margin floor",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "sale_margin"],
    "data": [
        "data/distribution_exception_rule_data.xml",
        "views/distribution_exception_rule_views.xml",
    ],
    "auto_install": True,
}
