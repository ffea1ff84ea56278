{
    "name": "Distribution Transfer",
    "summary": "Governed transfers between branches, from the request to the last difference",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Distribution",
    "author": "Distribution Suite maintainers",
    "website": "https://distribution-suite.example",
    "license": "LGPL-3",
    "depends": [
        "distribution_network",
        "distribution_approval_network",
        "distribution_approval_stock",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/distribution_transfer_rules.xml",
        "data/ir_sequence_data.xml",
        "report/distribution_transfer_reports.xml",
        "report/distribution_transfer_templates.xml",
        "report/transfer_slip_templates.xml",
        "report/packing_list_templates.xml",
        "report/receiving_report_templates.xml",
    ],
}
