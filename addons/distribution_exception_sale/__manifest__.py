{
    "name": "Distribution Exceptions: Sales",
    "summary": "Orders that will miss their promise, lost margin, late payers",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "sale_stock"],
    "auto_install": True,
}
