{
    "name": "Distribution Control Tower",
    "summary": "A board for each role: seven figures and what to do first",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_kpi", "distribution_review"],
}
