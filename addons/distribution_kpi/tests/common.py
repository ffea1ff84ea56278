import random
from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

from .facts_common import ZONE, FactsCase


class KpiCase(FactsCase):
    """Figures of the company of `NetworkCase`, whose days end at 22:00 UTC.

    `_take` measures a day, `_figure` is a figure of one, `_rows` are the figures of a KPI
    on it by branch. `_order_of` is a confirmed order, `_ship` delivers some of it, and
    `_bring_back` returns some.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = ZONE
        cls.Kpi = cls.env["distribution.kpi"]
        cls.Snapshot = cls.env["distribution.kpi.snapshot"]

    def _kpi(self, code):
        return self.Kpi.with_context(active_test=False).search([("code", "=", code)])

    def _take(self, number, *codes):
        """Measure those KPIs for a day; the ones that failed."""
        kpis = self.Kpi.union(*(self._kpi(code) for code in codes))
        return self.Kpi._take_snapshots(self._day(number), kpis, self.company)

    def _rows(self, code, number, dimension="branch"):
        """What was measured for a day."""
        return self.Snapshot.search(
            [
                ("kpi_id.code", "=", code),
                ("day", "=", self._day(number)),
                ("company_id", "=", self.company.id),
                ("dimension", "=", dimension),
            ]
        )

    def _figure(self, code, number, start=None, branches=None, user=None):
        Kpi = self.Kpi.with_user(user) if user else self.Kpi
        start = number if start is None else start
        return Kpi._figures([code], self._day(start), self._day(number), branches)[code]

    def _items(self, code, number, start=None, user=None, **context):
        Item = self.env["distribution.kpi.item"]
        Item.invalidate_model()  # a transaction of its own, as every request is
        Item = Item.with_user(user) if user else Item
        return Item.with_context(
            kpi_code=code,
            kpi_from=fields.Date.to_string(
                self._day(number if start is None else start)
            ),
            kpi_to=fields.Date.to_string(self._day(number)),
            **context,
        )

    # Sales, as they happen.

    def _number(self, moment):
        return (self._local_day(moment) - self.fixed).days

    def _order_of(self, branch, quantities, promised, unit=None, **values):
        """An order that promises the goods for a moment.

        :param unit: of all lines; that of each product by default
        """
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": branch.warehouse_id.id,
                "commitment_date": promised,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom_id": (unit or product.uom_id).id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, quantity in quantities.items()
                ],
                **values,
            }
        )
        order.action_confirm()
        self._made_now(order)
        self._made_now(order.order_line)
        return order

    def _made_now(self, records):
        """The database says when a record was made, and knows of no frozen clock."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id IN %s",
                SQL.identifier(records._table),
                fields.Datetime.now(),
                tuple(records.ids),
            )
        )
        records.invalidate_recordset(["create_date"])

    def _deliver(self, order, share=1.0, drop=False):
        """Validate what is open of an order, or a part; the rest becomes a backorder.

        :param drop: the rest is dropped instead
        """
        pickings = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        for picking in pickings:
            for move in picking.move_ids:
                move.quantity = round(move.product_uom_qty * share)
            picking.move_ids.filtered("quantity").picked = True
            if any(picking.move_ids.mapped("quantity")):
                picking.with_context(
                    skip_sms=True,
                    skip_backorder=True,
                    picking_ids_not_to_backorder=picking.ids if drop else [],
                ).button_validate()
        return pickings.filtered(lambda picking: picking.state == "done")

    def _bring_back(self, picking, quantity=1, refund=True):
        """The customer returns some of the first product of a delivery."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves[:1].quantity = quantity
        wizard.product_return_moves.to_refund = refund
        action = wizard.action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        self._validate_all(back)
        return back


class StreamMixin:
    """A random stream of sales: promised, delivered in parts and late, dropped, returned,
    cancelled and invoiced, in two currencies, units and time zones; of goods with and
    without stock, and with services and gifts between them.

    The figures of each day are kept as they were when it had ended.
    """

    days = 7

    def _stream(self, seed):
        """Trade for some days; every choice follows from the seed."""
        self.dice = random.Random(seed)
        self._prepare_trade()
        orders = self.env["sale.order"]
        self.kept, self.dropped_on = {}, {}
        for number in range(self.days):
            with self._at(number, hour=7):
                for branch in self.branches:
                    orders |= self._random_order(branch, number)
            # After midnight in the zone of the company it is the next day there.
            with self._at(number, hour=self.dice.choice((15, 21, 23))):
                for order in orders.filtered(lambda order: order.state == "sale"):
                    self._random_step(order)
                self.env.flush_all()  # what is computed says when
            if number in (2, 4):
                self._remember(number)
        self.env.flush_all()
        self.env.invalidate_all()
        return orders

    def _prepare_trade(self):
        self.branches = self.central | self.north | self.west
        industries = self.env["res.partner.industry"].create(
            [{"name": "Yards"}, {"name": "Builders"}]
        )
        self.customers_traded = self.env["res.partner"].create(
            [{"name": f"Customer {i.name}", "industry_id": i.id} for i in industries]
        )
        self.contact = self.env["res.partner"].create(
            {"name": "Foreman", "parent_id": self.customers_traded[0].id}
        )
        self.teams = self.env["crm.team"].create([{"name": "Web"}, {"name": "Counter"}])
        self.glue, self.visit = self.env["product.product"].create(
            [
                {
                    "name": "Glue",
                    "is_storable": False,
                    "list_price": 3,
                    "standard_price": 2,
                },
                {"name": "Visit", "type": "service", "list_price": 50},
            ]
        )
        # Goods without stock, and a service that comes after them.
        self.visit.sale_delay = 3
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 0.8, "currency_id": euro.id}
        )
        self.foreign = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": euro.id}
        )
        with self._at(-2):
            for branch in self.branches:
                for product in self.bolt | self.tape:
                    self._go(product, self.suppliers, self._shelf(branch), 9)

    def _random_order(self, branch, number):
        dice = self.dice
        promised = fields.Datetime.now() + timedelta(
            days=dice.choice((0, 0, 1, 2)), hours=dice.choice((3, 14, 16))
        )
        values = {
            "partner_id": dice.choice((*self.customers_traded, self.contact)).id,
            "team_id": dice.choice(self.teams).id,
        }
        if dice.random() < 0.3:
            values["pricelist_id"] = self.foreign.id
        quantities = {self.bolt: dice.randint(1, 9), self.tape: dice.randint(1, 9)}
        if dice.random() < 0.4:
            del quantities[self.tape]
        if dice.random() < 0.3:
            quantities[self.glue] = 2
        if dice.random() < 0.2:
            values["unit"] = self.dozen
        if dice.random() < 0.2:
            quantities = {self.visit: 1, **quantities}
            promised = False  # each line after its lead time
        order = self._order_of(branch, quantities, promised, **values)
        if dice.random() < 0.2:
            order.order_line[-1].price_unit = 0
        if dice.random() < 0.6:
            order.order_line[0].discount = 20
        if dice.random() < 0.3:
            # Another date is agreed; the first promise stays.
            order.commitment_date = fields.Datetime.now() + timedelta(days=4)
        return order

    def _random_step(self, order):
        """What happens to an order by the end of the day."""
        luck = self.dice.random()
        if luck < 0.1 and not order.picking_ids.filtered(lambda p: p.state == "done"):
            order._action_cancel()
        elif luck < 0.35:
            self._deliver(order)
        elif luck < 0.5:
            self._deliver(order, 0.5)
        elif luck < 0.58:
            if self._deliver(order, 0.5, drop=True):
                self.dropped_on[order] = self._number(fields.Datetime.now())
        elif luck < 0.7:
            done = order.picking_ids.filtered(
                lambda p: p.state == "done" and p.picking_type_code == "outgoing"
            )
            if done:
                self._bring_back(done[:1], refund=self.dice.random() < 0.7)
        waiting = [line.qty_to_invoice for line in order.order_line]
        if self.dice.random() < 0.7 and any(waiting):
            # What came back after it was invoiced becomes a credit note.
            invoice = order._create_invoices(final=True)
            invoice.invoice_date = fields.Date.context_today(invoice)
            invoice.action_post()
