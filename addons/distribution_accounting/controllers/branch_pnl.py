import json

from odoo.http import Controller, content_disposition, request, route

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BranchPnl(Controller):
    @route("/distribution/branch_pnl.xlsx", type="http", auth="user", readonly=True)
    def branch_pnl_sheet(self, options="{}"):
        """The branch P&L as a spreadsheet, with the rights of the user.

        :param options: the options of `distribution.branch.pnl`, as JSON
        """
        report = request.env["distribution.branch.pnl"]
        options = json.loads(options)
        content = report._get_sheet(options)
        name = report._sheet_name(options)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", SHEET),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
