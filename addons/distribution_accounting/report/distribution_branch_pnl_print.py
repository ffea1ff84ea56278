"""The branch P&L on paper and as a spreadsheet."""

import io
import json

import xlsxwriter

from odoo import api, models
from odoo.tools.misc import formatLang

# Figures beside each other on a page; the names of the rows are repeated on each.
PAGE_COLUMNS = 9


class DistributionBranchPnl(models.AbstractModel):
    _inherit = "distribution.branch.pnl"

    @api.model
    def _sheet_name(self, options):
        plan = self._plan(options)
        return f"{self.env._('Branch P&L')} {plan.periods[0].label}.xlsx"

    @api.model
    def _get_sheet(self, options):
        """The bytes of a spreadsheet: one sheet, a column for each value."""
        report = self.get_report(options)
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output, {"in_memory": True})
        sheet = book.add_worksheet("P&L")
        styles = self._sheet_styles(book, report["decimals"])
        top = self._write_heads(sheet, styles, report)
        for number, row in enumerate(report["rows"], start=top):
            self._write_row(sheet, styles, report, number, row)
        if report["tie"]:
            self._write_tie(sheet, styles, report["tie"], top + len(report["rows"]) + 1)
        sheet.set_column(0, 0, 42)
        sheet.set_column(1, max(1, len(self._flat(report))), 16)
        sheet.freeze_panes(top, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        book.close()
        return output.getvalue()

    @api.model
    def _flat(self, report):
        """[(column, part, place of the part)]: what stands beside each other."""
        return [
            (column, part, place)
            for column in report["columns"]
            for place, part in enumerate(report["parts"])
        ]

    @api.model
    def _sheet_styles(self, book, decimals):
        amount = "#,##0" + ("." + "0" * decimals if decimals else "")
        numbers = {"amount": amount, "percent": '0.0" %"'}
        styles = {"head": book.add_format({"bold": True, "text_wrap": True})}
        for kind in ("section", "line", "margin", "ratio"):
            base = {"bold": kind in ("section", "margin"), "italic": kind == "ratio"}
            base |= {"top": 1} if kind == "margin" else {}
            indent = {"indent": 1} if kind == "line" else {}
            styles[kind] = book.add_format({**base, **indent})
            for name, number in numbers.items():
                styles[kind, name] = book.add_format({**base, "num_format": number})
        return styles

    @api.model
    def _write_heads(self, sheet, styles, report):
        title = f"{self.env._('Branch P&L')} · {report['company']}"
        sheet.write(0, 0, title, styles["head"])
        sheet.write(1, 0, f"{report['period']} · {report['currency']}")
        for place, text in enumerate(self._filter_labels(report["options"])):
            sheet.write(2, place, text)
        for place, (column, part, number) in enumerate(self._flat(report), start=1):
            if not number:
                head = column["head"] if column["head"] != column["label"] else ""
                sheet.write(3, place, head, styles["head"])
                sheet.write(4, place, column["label"], styles["head"])
            sheet.write(5, place, part["label"], styles["head"])
        return 6

    @api.model
    def _write_row(self, sheet, styles, report, number, row):
        kind = row["kind"]
        sheet.write(number, 0, row["label"], styles[kind])
        for place, (column, part, index) in enumerate(self._flat(report), start=1):
            value = row["cells"][column["key"]][index]
            percent = kind == "ratio" or part["kind"] == "change"
            style = styles[kind, "percent" if percent else "amount"]
            if value is None:
                sheet.write_blank(number, place, None, style)
            else:
                sheet.write_number(number, place, value, style)

    @api.model
    def _write_tie(self, sheet, styles, tie, top):
        heads = (
            self.env._("Tie-out"),
            self.env._("Company"),
            self.env._("Branches and unassigned"),
            self.env._("Difference"),
            "",
        )
        for place, text in enumerate(heads):
            sheet.write(top, place, text, styles["head"])
        said = self.env._("Ties") if tie["is_tied"] else self.env._("Does not tie")
        for number, row in enumerate(tie["rows"], start=top + 1):
            sheet.write(number, 0, row["label"])
            for place, name in enumerate(
                ("company", "branches", "difference"), start=1
            ):
                sheet.write_number(number, place, row[name], styles["line", "amount"])
            sheet.write(number, 4, said)

    @api.model
    def _filter_labels(self, options):
        """What the report is narrowed to, in words."""
        labels = []
        # As superuser: names alone.
        env = self.sudo().env
        for key, model in (
            ("category_id", "product.category"),
            ("industry_id", "res.partner.industry"),
            ("team_id", "crm.team"),
        ):
            if options[key]:
                labels.append(env[model].browse(options[key]).display_name)
        return labels

    # On paper.

    @api.model
    def _print_pages(self, report):
        """The columns in portions that fit on a page."""
        size = max(1, PAGE_COLUMNS // len(report["parts"]))
        columns = report["columns"]
        return [columns[at : at + size] for at in range(0, len(columns), size)]

    @api.model
    def _print_value(self, report, row, part, value):
        if value is None:
            return ""
        if row["kind"] == "ratio" or part["kind"] == "change":
            return f"{formatLang(self.env, value, digits=1)} %"
        return formatLang(self.env, value, digits=report["decimals"])


class DistributionBranchPnlPage(models.AbstractModel):
    """What the printed page is made of."""

    _name = "report.distribution_accounting.branch_pnl"
    _description = "Printed Branch P&L"

    @api.model
    def _get_report_values(self, docids, data=None):
        options = (data or {}).get("branch_pnl") or {}
        if isinstance(options, str):
            options = json.loads(options)
        pnl = self.env["distribution.branch.pnl"]
        report = pnl.get_report(options)
        return {
            "report": report,
            "pnl": pnl,
            "pages": pnl._print_pages(report),
            "filters": pnl._filter_labels(report["options"]),
            "company": self.env["res.company"].browse(report["options"]["company_id"]),
        }
