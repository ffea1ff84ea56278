from odoo import fields, models
from odoo.fields import Domain

# How many days of moves may explain a difference, and how many of them are shown.
DAYS, SHOWN = 7, 20


class StockQuant(models.Model):
    """What an approver of a count is told: the difference, and what may have caused it."""

    _inherit = "stock.quant"

    def _approval_facts(self):
        env, moves, amounts = self.env, self._approval_moves(), self._approval_amount()
        return {
            quant.id: [
                (env._("Counted"), quant._approval_count_text()),
                (env._("Value"), self._approval_money(quant.id, amounts)),
                (env._("Likely cause"), quant._approval_cause(moves[quant.id])),
            ]
            for quant in self
        }

    def _approval_count_text(self):
        """What was counted, by whom, what is on hand, and when it was counted before."""
        return self.env._(
            "%(counted)s by %(user)s, on hand %(quantity)s; counted before: %(date)s",
            counted=self._approval_figure(self.inventory_quantity),
            user=self.user_id.name or self.env.user.name,
            quantity=self._approval_figure(self.quantity),
            date=self.last_count_date or self.env._("never"),
        )

    def _approval_details(self):
        env, figure = self.env, self._approval_figure
        columns = [env._("Date"), env._("Move"), env._("From"), env._("To")]
        columns += [env._("Quantity"), env._("Done")]
        tables = {}
        for quant_id, moves in self._approval_moves().items():
            rows = [
                [
                    fields.Datetime.to_string(line.date),
                    line.reference or line.move_id.origin or "",
                    line.location_id.display_name,
                    line.location_dest_id.display_name,
                    figure(line.quantity_product_uom),
                    env._("yes") if line.state == "done" else env._("no"),
                ]
                for line in moves[:SHOWN]
            ]
            tables[quant_id] = {"columns": columns, "rows": rows}
        return tables

    def _approval_moves(self):
        """{quant id: its moves of the last days, and those that are reserved}."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS)
        done = Domain("state", "=", "done") & Domain("date", ">=", since)
        places = self.location_id.ids
        here = Domain("location_id", "in", places)
        here |= Domain("location_dest_id", "in", places)
        lines = self.env["stock.move.line"].search(
            Domain("product_id", "in", self.product_id.ids)
            & here
            & (done | Domain("state", "in", ("assigned", "partially_available"))),
            order="date desc, id desc",
        )
        by_product = lines.grouped("product_id")
        return {
            quant.id: by_product.get(quant.product_id, lines[:0]).filtered(
                lambda line, quant=quant: (
                    quant.location_id in line.location_id | line.location_dest_id
                    and (not quant.lot_id or line.lot_id == quant.lot_id)
                )
            )
            for quant in self
        }

    def _approval_cause(self, moves):
        """The move of the nearest quantity that would explain the count.

        Where less is there than on hand: goods that left, but whose move is not done yet,
        or goods that are noted as arrived and were not. Where more is there, the reverse.
        """
        less = self.inventory_diff_quantity < 0
        missed = abs(self.inventory_diff_quantity)
        found = moves.filtered(
            lambda line: (line.location_id == self.location_id) == less
            if line.state != "done"
            else (line.location_id == self.location_id) != less
        ).sorted(lambda line: abs(line.quantity_product_uom - missed))[:1]
        if not found:
            return self.env._("no move of the last days explains it")
        values = {
            "move": found.reference or found.location_dest_id.display_name,
            "quantity": self._approval_figure(found.quantity_product_uom),
        }
        if found.state == "done":
            return self.env._(
                "%(move)s over %(quantity)s is done, and may not have taken place",
                **values,
            )
        return self.env._(
            "%(move)s over %(quantity)s is not done, and may have taken place", **values
        )
