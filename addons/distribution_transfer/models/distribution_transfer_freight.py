from odoo import api, fields, models

from .distribution_lane_freight import BASES
from .distribution_transfer import LIVE
from .own import own

# Transfers that cost freight.
CHARGED = (*LIVE, "closed")
MEASURES = ("weight", "volume", "value", "quantity")


class DistributionTransfer(models.Model):
    """What the transport of a transfer costs, and which line bears how much of it.

    The rule of the lane says so first, then the vendor bills that are assigned. Nothing is
    posted here; see `_prepare_freight_postings`.
    """

    _inherit = "distribution.transfer"

    freight_amount = fields.Monetary(
        string="Freight",
        compute="_compute_freight_amount",
        store=True,
        help="What the transport costs, in company currency: by the rule of the lane, or "
        "what vendor bills say.",
    )
    freight_source = fields.Selection(
        [("none", "None"), ("rule", "Rule of the lane"), ("bill", "Vendor bill")],
        string="Freight From",
        default="none",
        readonly=True,
        copy=False,
        help="Where the freight comes from.",
    )
    freight_bill_line_ids = fields.Many2many(
        "account.move.line",
        "distribution_transfer_freight_bill_rel",
        "transfer_id",
        "move_line_id",
        string="Freight Bills",
        readonly=True,
        copy=False,
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Lines of vendor bills for the transport. Their untaxed amounts replace what "
        "the rule of the lane says, as long as the bills are posted.",
    )

    @api.depends("line_ids.freight_amount")
    def _compute_freight_amount(self):
        for transfer in self:
            transfer.freight_amount = sum(transfer.line_ids.mapped("freight_amount"))

    def write(self, vals):
        """A transfer that leaves a truck leaves its freight to the others on it."""
        moved = "departure_date" in vals
        mates = self._trip_mates() if moved else self.browse()
        result = super().write(vals)
        if moved or vals.get("state") == "cancelled":
            charged = (self | mates).filtered(
                lambda transfer: (
                    transfer.state in LIVE or transfer.freight_source != "none"
                )
            )
            if charged:
                charged._set_freight()
        return result

    def _join(self, procurements):
        joined = super()._join(procurements)
        if joined and self.state == "approved":
            self._set_freight()
        return joined

    def _set_freight(self):
        """Find what the freight of the transfers costs, line by line.

        By shipped quantities once anything was shipped, else by the approved ones. The
        number of queries does not grow with transfers or lines.
        """
        # As superuser: the freight is of both ends, and of bills that they do not see.
        told = own(self.sudo())
        if not told._may_cost_freight():
            return
        told |= told.freight_bill_line_ids.freight_transfer_ids
        on_trucks = told | told._trip_mates()
        amounts, sources = on_trucks._freight_by_rule()
        billed = told._freight_by_bill()
        for line, amount in billed.items():
            amounts[line] = amount
            sources[line.transfer_id] = "bill"
        # What is closed changes with its bills only.
        changing = on_trucks.filtered(lambda x: x in told or x.state != "closed")
        others = changing - told
        kept = others.filtered(lambda transfer: transfer.freight_source == "bill")
        (changing - kept)._write_freight(amounts, sources)

    def _may_cost_freight(self):
        """Whether any of them costs freight, or did; most lanes charge nothing."""
        return (
            any(rule != "none" for rule in self.lane_id.mapped("freight_rule"))
            or any(source != "none" for source in self.mapped("freight_source"))
            or bool(self.freight_bill_line_ids)
        )

    def _write_freight(self, amounts, sources):
        """Write what has changed."""
        for line in self.line_ids:
            amount = amounts.get(line, 0.0)
            if line.currency_id.compare_amounts(line.freight_amount, amount):
                line.write({"freight_amount": amount})
        for source, transfers in self.grouped(lambda x: sources.get(x, "none")).items():
            changed = transfers.filtered(lambda x, s=source: x.freight_source != s)
            if changed:
                changed.write({"freight_source": source})

    def _trip_mates(self):
        """All transfers on the trucks of these, where a truck costs as a whole."""
        sharing = self.sudo().filtered(  # whoever asks, others are on the truck
            lambda transfer: transfer.lane_id._is_charged_per_trip()
        )
        trips = {(transfer.lane_id, transfer.departure_date) for transfer in sharing}
        if not trips:
            return sharing
        found = sharing.search(
            [
                ("lane_id", "in", sharing.lane_id.ids),
                ("departure_date", "in", list({date for _lane, date in trips})),
                ("state", "in", CHARGED),
            ]
        )
        return found.filtered(lambda x: (x.lane_id, x.departure_date) in trips)

    # By the rule of the lane.

    def _freight_by_rule(self):
        """({line: amount}, {transfer: source}) as the lanes say."""
        amounts, sources = {}, {}
        measures = self.line_ids._freight_measures()
        charged = self.filtered(lambda transfer: transfer.state in CHARGED)
        for (lane, _departure), transfers in charged.grouped(_truck).items():
            of_trip = {line: measures[line] for line in transfers.line_ids}
            charge = lane._freight_charge(_totals(of_trip))
            amounts |= _share(
                lane.currency_id, charge, of_trip, BASES.get(lane.freight_rule)
            )
            source = "none" if lane.freight_rule == "none" else "rule"
            sources.update(dict.fromkeys(transfers, source))
        return amounts, sources

    # By vendor bills.

    def _freight_by_bill(self):
        """{line: amount} of the transfers that bills are assigned to."""
        amounts = {}
        for (_bill_line, line), amount in self._freight_bill_shares().items():
            amounts[line] = amounts.get(line, 0.0) + amount
        return amounts

    def _freight_bill_shares(self):
        """{(line of a bill, line of a transfer): its part of the bill's untaxed amount}.

        The amount of a bill line is shared among all its transfers by what the rule of
        their lanes goes by; by weight, where they differ.
        """
        found = {}
        bill_lines = self.freight_bill_line_ids
        nets = bill_lines._freight_net_amounts()
        measures = bill_lines.freight_transfer_ids.line_ids._freight_measures()
        for bill_line in bill_lines:
            if not nets[bill_line]:
                continue
            transfers = bill_line.freight_transfer_ids
            bases = {
                BASES.get(rule) for rule in transfers.lane_id.mapped("freight_rule")
            }
            shares = _share(
                bill_line.company_currency_id,
                nets[bill_line],
                {line: measures[line] for line in transfers.line_ids},
                bases.pop() if len(bases) == 1 else "weight",
            )
            found |= {(bill_line, line): amount for line, amount in shares.items()}
        return found

    # For others.

    def _freight_shares(self):
        """{line: its freight in company currency}; they add up to the transfers' freight."""
        return {line: line.freight_amount for line in self.line_ids}

    def _prepare_freight_postings(self):
        """What the posting of freight to branches needs to know: the hook for it.

        Transfers post no freight themselves. Whoever keeps accounts by branch calls this
        for transfers whose freight is final, and makes entries of what it returns.

        :return: a dictionary for each transfer that costs freight: `transfer_id`,
            `company_id`, `currency_id`, `source_branch_id`, `destination_branch_id`,
            `date` (of the departure, else of the plan), `freight_source`, `amount`, and
            `lines`: a list of `transfer_line_id`, `product_id`, `quantity` (in the unit of
            the line) and `amount`. All as ids and figures; the amounts of the lines add up
            to that of the transfer.
        """
        shares, postings = self._freight_shares(), []
        for transfer in self:
            if transfer.currency_id.is_zero(transfer.freight_amount):
                continue
            postings.append(
                {
                    "transfer_id": transfer.id,
                    "company_id": transfer.company_id.id,
                    "currency_id": transfer.currency_id.id,
                    "source_branch_id": transfer.source_branch_id.id,
                    "destination_branch_id": transfer.destination_branch_id.id,
                    "date": transfer.left_date or transfer.departure_date,
                    "freight_source": transfer.freight_source,
                    "amount": transfer.freight_amount,
                    "lines": [
                        {
                            "transfer_line_id": line.id,
                            "product_id": line.product_id.id,
                            "quantity": line._freight_quantity(),
                            "amount": shares[line],
                        }
                        for line in transfer.line_ids
                    ],
                }
            )
        return postings


class DistributionTransferLine(models.Model):
    _inherit = "distribution.transfer.line"

    freight_amount = fields.Monetary(
        string="Freight",
        readonly=True,
        copy=False,
        help="Share of this line in the freight of its transfer, in company currency: by "
        "weight, volume or value, as the rule of the lane says. What is charged for the "
        "whole trip is shared by weight, or by value where a weight is not known.",
    )

    def _freight_quantity(self):
        """What is paid for, in the unit of the line: what was shipped, else approved."""
        self.ensure_one()
        transfer = self.transfer_id
        if transfer.state not in CHARGED:
            return 0.0
        return self.approved_qty if transfer.ship_status == "no" else self.shipped_qty

    def _freight_measures(self):
        """{line: {"weight": kg, "volume": m³, "value": cost, "quantity": units}}."""
        template = self.env["product.template"]
        weight_unit = template._get_weight_uom_id_from_ir_config_parameter()
        volume_unit = template._get_volume_uom_id_from_ir_config_parameter()
        kilogram = self.env.ref("uom.product_uom_kgm")
        cubic_metre = self.env.ref("uom.product_uom_cubic_meter")
        kilograms = weight_unit._compute_quantity(1.0, kilogram, round=False)
        cubic_metres = volume_unit._compute_quantity(1.0, cubic_metre, round=False)
        measures = {}
        for line in self:
            product, quantity = line.product_id, line._freight_quantity()
            units = line.product_uom_id._compute_quantity(
                quantity, product.uom_id, round=False
            )
            measures[line] = {
                "weight": units * product.weight * kilograms,
                "volume": units * product.volume * cubic_metres,
                "value": quantity * line.unit_cost,
                "quantity": units,
            }
        return measures


def _truck(transfer):
    """What transfers have in common that share what a trip costs."""
    alone = not transfer.lane_id._is_charged_per_trip()
    return transfer.lane_id, transfer.id if alone else transfer.departure_date


def _totals(measures):
    return {
        name: sum(measure[name] for measure in measures.values()) for name in MEASURES
    }


def _share(currency, amount, measures, basis):
    """{line: its part of `amount`}, to the cent; the parts add up to it.

    :param measures: {line: {measure: how much}}
    :param basis: the measure that counts. Where it is not known of all goods the value
        does, and the quantity where that is nothing.
    """
    loaded = [measure for measure in measures.values() if measure["quantity"]]
    totals = _totals(measures)
    if basis == "weight" and not all(measure["weight"] for measure in loaded):
        basis = "value"
    candidates = (basis or "value", "value", "quantity")
    basis = next((name for name in candidates if totals[name]), None)
    if not basis:
        return dict.fromkeys(measures, 0.0)
    cents = round(amount / currency.rounding)
    shares, seen, given = {}, 0.0, 0
    for line, measure in measures.items():
        seen += measure[basis]
        until = round(cents * seen / totals[basis])
        shares[line] = currency.round((until - given) * currency.rounding)
        given = until
    return shares
