{
    "name": "Distribution: Transfers in the Books",
    "summary": "Transfer prices, freight and discrepancies reach the right branch",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": [
        "distribution_transfer",
        "distribution_accounting",
    ],
    "data": [
        "views/distribution_transfer_views.xml",
    ],
    "auto_install": True,
}
