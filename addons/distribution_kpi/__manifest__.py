{
    "name": "Distribution KPIs",
    "summary": "A dictionary of KPIs, daily snapshots by branch, and the rows behind each number",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": [
        "distribution_accounting",
        "distribution_transfer",
        "distribution_exception_network",
        "distribution_exception_sale",
        "distribution_exception_purchase",
    ],
}
