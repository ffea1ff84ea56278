from datetime import timedelta

from odoo import Command, fields

from odoo.addons.distribution_base.tests.common import DistributionCase

SELLER = "sales_team.group_sale_salesman_all_leads,stock.group_stock_user"


class SaleExceptionCase(DistributionCase):
    """A depot that sells bolts (price 10, cost 4), and what is found in its orders.

    `olga` operates a branch and sells. `_sell(5, days=3)` is an order of hers over five
    bolts, promised in three days and confirmed; `_count`, `_receive_later` and `_deliver`
    move goods. `_rule("sale_late")` is a rule over the bolts; `_look(rule)` sweeps it and
    returns {line: exception}.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.security_lead = 0
        cls.now = fields.Datetime.now()
        cls.depot = cls.env["stock.warehouse"].create({"name": "Depot", "code": "XDEP"})
        cls.stock = cls.depot.lot_stock_id
        cls.olga = cls._new_seller("branch_operator", "xs_olga")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Fjord Machines", "email": "orders@fjord.example", "tz": "UTC"}
        )
        cls.bolt = cls._product("Bolt")

    @classmethod
    def _new_seller(cls, role, login):
        user = cls._new_user(role, login)
        groups = [cls.env.ref(name).id for name in SELLER.split(",")]
        user.group_ids = [Command.link(group) for group in groups]
        return user

    @classmethod
    def _product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "list_price": 10.0,
                "standard_price": 4.0,
                "taxes_id": False,
                **values,
            }
        )

    @classmethod
    def _rule(cls, detector, **values):
        return cls.env["distribution.exception.rule"].create(
            {
                "name": detector,
                "detector": detector,
                "domain": f"[('product_id', '=', {cls.bolt.id})]",
                "role_ids": cls.env.ref("distribution_base.group_branch_operator").ids,
                "hours_to_act": 4,
                "look_ahead_days": 3,
                **values,
            }
        )

    def _sell(self, quantity=5, days=10, confirm=True, user=None, price=None, **values):
        line = {"product_id": self.bolt.id, "product_uom_qty": quantity}
        if price is not None:
            line["price_unit"] = price
        order = (
            self.env["sale.order"]
            .with_user(user or self.olga)
            .create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": self.depot.id,
                    "commitment_date": self.now + timedelta(days=days),
                    "order_line": [Command.create(line)],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order.order_line

    def _count(self, quantity, product=None, location=None):
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": (product or self.bolt).id,
                "location_id": (location or self.stock).id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    def _receive_later(self, quantity, days, source="stock.stock_location_suppliers"):
        """A receipt of the depot, expected in so many days."""
        source = self.env.ref(source) if isinstance(source, str) else source
        move = self.env["stock.move"].create(
            {
                "product_id": self.bolt.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": self.stock.id,
                "picking_type_id": self.depot.in_type_id.id,
                "date": self.now + timedelta(days=days),
            }
        )
        move._action_confirm(merge=False)
        return move

    def _deliver(self, line, quantity):
        move = line.sudo().move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        )
        move.quantity, move.picked = quantity, True
        move.picking_id.with_context(
            skip_backorder=True, skip_sms=True
        ).button_validate()

    def _look(self, rule, lines=None):
        """Sweep, or look at some lines only; what is open then, by line."""
        if lines is None:
            rule.action_sweep()
        else:
            rule._try_detect(ids=lines.ids)
        self.assertEqual(rule.state, "ok", rule.failure)
        found = self.env["distribution.exception"].search(
            [("rule_id", "=", rule.id), ("state", "=", "open")]
        )
        return {self.env[one.res_model].browse(one.res_id): one for one in found}
