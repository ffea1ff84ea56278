{
    "name": "Distribution Exceptions: Network",
    "summary": "Exceptions by branch: thresholds, opening hours, owners and escalation",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_exception", "distribution_network"],
    "auto_install": True,
}
