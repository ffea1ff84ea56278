"""What is behind a figure of the branch balance, and its other forms: page, spreadsheet."""

import base64
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError

from .distribution_branch_balance import COMPANY, NONE


class DistributionBranchBalance(models.AbstractModel):
    _inherit = "distribution.branch.balance"

    @api.model
    def action_open(self, key, column, day=None):
        """What adds up to a figure.

        :param key: of the row
        :param column: of the figure, as the report names it
        :param day: date at the end of which; today by default
        :return: action that opens journal items and orders, or stock
        :raises UserError: nothing is behind such a row
        """
        self._ensure_may_read()
        branch = []
        if column == NONE:
            branch = [("branch_id", "=", False)]
        elif column != COMPANY:
            branch = [("branch_id", "=", int(column.removeprefix("b")))]
        if key == "stock.hand" or key.startswith("transit."):
            return self._open_stock(key, column)
        return self._open_items(key, branch, day)

    @api.model
    def _open_items(self, key, branch, day):
        kind, _dot, age = key.partition(".")
        if kind in ("receivable", "payable") and age:
            domain = [("kind", "=", kind), ("age", "=", age)]
        elif key in ("receivable", "payable", "stock"):
            domain = [("kind", "=", key)]
        elif kind == "exposure" and age:
            domain = [("kind", "=", age)]
        elif key == "exposure":
            domain = [("kind", "in", ["receivable", "delivered", "ordered"])]
        else:
            raise UserError(self.env._("Nothing can be opened behind this figure."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "distribution_accounting.distribution_branch_balance_item_action"
        )
        action["domain"] = [
            ("company_id", "=", self.env.company.id),
            *domain,
            *branch,
        ]
        action["context"] = {"balance_date": day, "create": False}
        return action

    @api.model
    def _open_stock(self, key, column):
        """The stock of a branch or on a lane, as it is now."""
        where = []
        if key.startswith("transit."):
            where.append(
                ("location_id.lane_id", "=", int(key.removeprefix("transit.")))
            )
        else:
            where += [
                ("location_id.lane_id", "=", False),
                ("location_id.usage", "in", ["internal", "transit"]),
            ]
            if column != COMPANY:
                branch = column != NONE and int(column.removeprefix("b"))
                where.append(("location_id.branch_id", "=", branch))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock"),
            "res_model": "stock.quant",
            "views": [
                (self.env.ref("stock.view_stock_quant_tree_editable").id, "list"),
                (False, "form"),
            ],
            "domain": [("company_id", "=", self.env.company.id), *where],
            "context": {
                "create": False,
                "edit": False,
                "search_default_productgroup": 1,
            },
        }

    @api.model
    def get_spreadsheet(self, day=None):
        """The report as a spreadsheet.

        :param day: date at the end of which; today by default
        :return: dictionary with the `name` of the file and its `content` in base64
        """
        report = self.get_report(day)
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        self._fill_sheet(book, report)
        book.close()
        return {
            "name": self.env._("Branch balance %s.xlsx", report["day"]),
            "content": base64.b64encode(stream.getvalue()).decode(),
        }

    @api.model
    def _fill_sheet(self, book, report):
        sheet = book.add_worksheet(self.env._("Branch balance"))
        bold = book.add_format({"bold": True})
        money = "#,##0" + "." * bool(report["digits"]) + "0" * report["digits"]
        plain = book.add_format({"num_format": money})
        strong = book.add_format({"num_format": money, "bold": True, "top": 1})
        head = book.add_format({"bold": True, "bottom": 1, "align": "right"})
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, max(len(report["columns"]), 1), 16)
        sheet.write_string(0, 0, report["company"], bold)
        sheet.write_string(1, 0, self._title(report))
        for number, column in enumerate(report["columns"], 1):
            sheet.write_string(3, number, column["region"], head)
            sheet.write_string(4, number, column["name"], head)
        sheet.freeze_panes(5, 1)
        line = 5
        for section in report["sections"]:
            sheet.write_string(line, 0, section["title"], bold)
            for row in section["rows"]:
                line += 1
                total = "sums" in row and not row.get("plain")
                # As text: a name that begins with = is no formula.
                sheet.write_string(line, 0, row["label"], bold if total else None)
                for number, column in enumerate(report["columns"], 1):
                    if column["id"] in row["values"]:
                        value = row["values"][column["id"]]
                        sheet.write_number(
                            line, number, value, strong if total else plain
                        )
            line += 2

    @api.model
    def _title(self, report):
        day = fields.Date.to_date(report["day"])
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        return self.env._(
            "What branches own and owe at the end of %s",
            day.strftime(lang.date_format if lang else "%Y-%m-%d"),
        )


class BranchBalancePage(models.AbstractModel):
    """The printed page."""

    _name = "report.distribution_accounting.branch_balance_page"
    _description = "Printed Branch Balance"

    # As many branches as fit beside each other.
    _branches_beside = 7

    @api.model
    def _get_report_values(self, docids, data=None):
        Balance = self.env["distribution.branch.balance"]
        report = Balance.get_report((data or {}).get("day"))
        columns = report["columns"]
        return {
            "report": report,
            "title": Balance._title(report),
            "company": self.env.company,
            "currency": self.env.company.currency_id,
            "pages": [
                columns[start : start + self._branches_beside]
                for start in range(0, len(columns), self._branches_beside)
            ],
        }
