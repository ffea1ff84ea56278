{
    "name": "Distribution Demo",
    "summary": "The reference case: a central warehouse, depots, three months of books",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": ["distribution"],
    "post_init_hook": "post_init_hook",
}
