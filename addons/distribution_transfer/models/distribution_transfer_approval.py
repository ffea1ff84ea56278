from odoo import api, fields, models

# Days of past demand that say how long stock lasts.
DEMAND_DAYS = 90


class DistributionTransfer(models.Model):
    """The gate of transfers: the sending branch agrees.

    Inside the policy a transfer is approved by the policy. An emergency within the cap of
    its lane is measured by nothing, so it goes ahead; it is reviewed afterwards, see
    `distribution_transfer_emergency.py`.
    """

    _inherit = "distribution.transfer"

    _approval_gate = True
    _approval_passed_states = (
        *("approved", "shipped", "in_transit", "received", "reconciled", "closed"),
    )
    _approval_cancelled_states = ("cancelled",)
    _approval_waiting_state = "requested"
    _approval_guarded_fields = ("lane_id", "reason")
    _approval_lines_field = "line_ids"
    _approval_guarded_line_fields = ("product_id", "product_uom_id", "requested_qty")
    _approval_date_field = "departure_date"

    @api.model
    def _approval_kind_name(self):
        return self.env._("Transfer between branches")

    @api.model
    def _approval_dimensions(self):
        """The people of the sending branch decide."""
        return {
            **super()._approval_dimensions(),
            "branch": "source_branch_id",
            "lane": "lane_id",
        }

    def _approval_authors(self):
        """Who asks does not agree; who ships may."""
        return {
            transfer.id: {transfer.user_id.id, transfer.create_uid.id}
            for transfer in self.sudo()  # whoever made it counts, whoever looks
        }

    @api.model
    def _approval_measures(self):
        env = self.env
        return {
            **super()._approval_measures(),
            "transfer_value": {
                "label": env._("Value of the transfer"),
                "unit": "money",
                "help": env._("What is asked for, at cost."),
            },
            "transfer_cover": {
                "label": env._("Cover left at the sender"),
                "unit": env._("days"),
                "worse": "lower",
                "help": env._(
                    "Of the worst product: for how many days the free stock of the sending "
                    "branch lasts after the transfer, at the pace of the last 90 days. "
                    "Products that did not leave it then count where nothing is left."
                ),
            },
            "transfer_deviation": {
                "label": env._("Above the maximum of the receiver"),
                "unit": "%",
                "help": env._(
                    "Of the worst product: how far the forecast of the receiving branch "
                    "with this transfer is above the maximum of its reordering rule. "
                    "Products without a rule there do not count."
                ),
            },
        }

    def _approval_measure_transfer_value(self, lines):
        lines = lines._measured()
        return self._approval_total(lines, {line.id: line.value for line in lines})

    def _approval_measure_transfer_cover(self, lines):
        figures = lines._measured()._cover_figures()
        covers = {
            id_: figure["cover"]
            for id_, figure in figures.items()
            if figure["cover"] is not None
        }
        return self._approval_by_document(lines, covers, min)

    def _approval_measure_transfer_deviation(self, lines):
        return self._approval_worst(lines, lines._measured()._deviations())

    # What the approver is told.

    def _approval_amount(self):
        return {transfer.id: transfer.value for transfer in self}

    def _approval_facts(self):
        env, lines = self.env, self._approval_lines()
        figures, deviations = lines._cover_figures(), lines._deviations()
        reasons = dict(self._fields["reason"]._description_selection(env))
        facts = {}
        for transfer in self:
            value = transfer._approval_money(transfer.value)
            why = ": ".join(
                filter(None, [reasons[transfer.reason], transfer.reason_note])
            )
            facts[transfer.id] = [
                (env._("Why"), f"{why}; {value}"),
                (env._("Cover left at the sender"), transfer._cover_text(figures)),
                (
                    env._("Above the maximum of the receiver"),
                    transfer._approval_worst_text(deviations),
                ),
            ]
        return facts

    def _cover_text(self, figures):
        lines = self.line_ids.filtered(
            lambda line: figures.get(line.id, {}).get("cover") is not None
        )
        if not lines:
            return self.env._("no demand in the last %s days", DEMAND_DAYS)
        line = min(lines, key=lambda line: figures[line.id]["cover"])
        return self.env._(
            "%(days)s days, %(product)s",
            days=f"{figures[line.id]['cover']:.1f}",
            product=line.product_id.display_name,
        )

    def _approval_details(self):
        env, lines = self.env, self._approval_lines()
        figures = lines._cover_figures()

        def column(name):
            return {line.id: figures[line.id][name] for line in lines}

        return self._approval_table(
            [
                (env._("Product"), {x.id: x.product_id.display_name for x in lines}),
                (env._("Requested"), {x.id: x.requested_qty for x in lines}),
                (env._("Unit"), {x.id: x.product_uom_id.name for x in lines}),
                (env._("Free at sender"), column("free")),
                (env._("Left"), column("left")),
                (env._("Daily demand"), column("demand")),
                (env._("Cover in days"), column("cover")),
            ]
        )

    @api.model
    def _approval_default_limits(self):
        return {"first_limit": 5000.0, "second_limit": 25000.0}

    @api.model
    def _approval_default_rules(self, line):
        """By value; and whoever would be left with a week of cover is asked, too."""
        first, second = line._first_authority(), line._second_authority()
        limits, steps = (
            [line.first_limit, line.second_limit],
            [[first], [first, second]],
        )
        rule, env = line._prepare_rule, self.env
        return [
            rule(env._("Value"), "transfer_value", limits, steps),
            rule(
                env._("Cover left at the sender"),
                *("transfer_cover", [2.0, 7.0], steps, "lower"),
            ),
        ]


class DistributionTransferLine(models.Model):
    _inherit = "distribution.transfer.line"

    def _measured(self):
        """Without those of emergencies within the cap, which are reviewed afterwards."""
        covered = self.transfer_id.filtered(lambda x: x._is_covered_emergency())
        return self.filtered(lambda line: line.transfer_id not in covered)

    def _cover_figures(self):
        """{line id: free, left, demand a day and cover in days at the sender}.

        In the unit of the product. `cover` is None where nothing is known.
        """
        figures = {}
        for branch, lines in self.grouped("source_branch_id").items():
            warehouse = branch.sudo().warehouse_id  # stock is asked for by everybody
            products = lines.product_id.with_context(warehouse_id=warehouse.id)
            free = {product.id: product.free_qty for product in products}
            demand = lines._daily_demand(branch)
            for line in lines:
                product = line.product_id
                wanted = line.product_uom_id._compute_quantity(
                    line.requested_qty, product.uom_id, round=False
                )
                left, pace = free[product.id] - wanted, demand.get(product.id, 0.0)
                cover = left / pace if pace else None
                if left <= 0:
                    cover = 0.0
                figures[line.id] = {
                    "free": free[product.id],
                    "left": left,
                    "demand": round(pace, 2),
                    "cover": cover if cover is None else round(max(cover, 0.0), 1),
                }
        return figures

    def _daily_demand(self, branch):
        """{product id: what left the branch a day, in the unit of the product}."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=DEMAND_DAYS)
        Move = self.env["stock.move"].sudo()  # what left, whoever sold it
        groups = Move._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("state", "=", "done"),
                ("date", ">=", since),
                ("branch_id", "=", branch.id),
                ("location_id.usage", "=", "internal"),
                ("location_dest_id.usage", "in", ("customer", "production", "transit")),
            ],
            ["product_id"],
            ["product_qty:sum"],
        )
        return {product.id: total / DEMAND_DAYS for product, total in groups}

    def _deviations(self):
        """{line id: % above the maximum of the reordering rule at the receiver}."""
        found = {}
        for branch, lines in self.grouped("destination_branch_id").items():
            Orderpoint = self.env["stock.warehouse.orderpoint"].sudo()  # of any branch
            groups = Orderpoint._read_group(
                [
                    ("product_id", "in", lines.product_id.ids),
                    ("warehouse_id.branch_id", "=", branch.id),
                ],
                ["product_id"],
                ["product_max_qty:sum"],
            )
            highest = {product.id: maximum for product, maximum in groups}
            warehouse = branch.sudo().warehouse_id  # stock is asked for by everybody
            products = lines.product_id.with_context(warehouse_id=warehouse.id)
            forecast = {product.id: product.virtual_available for product in products}
            for line in lines:
                product, maximum = line.product_id, highest.get(line.product_id.id)
                if maximum:
                    wanted = line.product_uom_id._compute_quantity(
                        line.requested_qty, product.uom_id, round=False
                    )
                    above = forecast[product.id] + wanted - maximum
                    found[line.id] = max(100.0 * above / maximum, 0.0)
        return found
