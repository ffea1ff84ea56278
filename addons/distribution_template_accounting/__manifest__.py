{
    "name": "Distribution Template: Accounting",
    "summary": "A branch is opened with its transfer prices and what shared costs go by",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_template", "distribution_accounting"],
    "data": [
        "views/distribution_template_views.xml",
    ],
    "auto_install": True,
}
