{
    "name": "Distribution Approval: Sales Prices",
    "summary": "Approval of discounts and prices below the pricelist, with a reason",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_approval", "sale_management"],
    "data": ["views/sale_order_views.xml"],
    "auto_install": True,
}
