{
    "name": "Distribution Approval: Stock",
    "summary": "Approval of inventory adjustments and scraps, and of what goes around them",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_approval", "stock_account"],
    "data": ["views/stock_quant_views.xml", "views/stock_scrap_views.xml"],
    "auto_install": True,
}
