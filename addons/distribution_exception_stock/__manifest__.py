{
    "name": "Distribution Exceptions: Stock",
    "summary": "Shortage, excess, negative stock, counts, goods on hold",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "stock_account"],
    "auto_install": True,
}
