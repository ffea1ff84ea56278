{
    "name": "Distribution Exceptions",
    "summary": "One ranked list of what somebody must act on while there is still time",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution_base"],
}
