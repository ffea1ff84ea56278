{
    "name": "Distribution Approval: Sales Orders",
    "summary": "Approval of discounts, prices below the pricelist, and margins",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_approval", "sale_margin"],
    "data": ["views/sale_order_views.xml"],
    "auto_install": True,
}
