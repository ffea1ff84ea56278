{
    "name": "Distribution Reviews",
    "summary": "Weekly and monthly reviews with frozen figures, decisions and actions",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_kpi"],
}
