{
    "name": "Distribution Approval of Purchases",
    "summary": "Purchase orders pass the approval engine; duties of receipt, bill, payment",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_approval", "purchase_stock"],
    "data": [
        "data/ir_config_parameter_data.xml",
        "views/purchase_order_views.xml",
    ],
    "auto_install": True,
}
