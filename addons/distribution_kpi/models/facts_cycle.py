from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .kpi import Kpi

# Definitions stand outside of any environment, and are translated when they are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


def _hours_since(moment):
    """Hours from a moment until `picking` was done, as `SQL`."""
    return SQL("EXTRACT(EPOCH FROM picking.date_done - %s) / 3600", moment)


# When the last of the operations that an operation waits for was done.
STEP_BEFORE = SQL(
    """CROSS JOIN LATERAL (
            SELECT MAX(origin.date) AS done_at
              FROM stock_move step
              JOIN stock_move_move_rel rel ON rel.move_dest_id = step.id
              JOIN stock_move origin ON origin.id = rel.move_orig_id
             WHERE step.picking_id = picking.id AND step.state = 'done'
               AND origin.state = 'done' AND origin.picking_id IS NOT NULL
               AND origin.sale_line_id IS NOT NULL) before"""
)


class DistributionKpiFacts(models.AbstractModel):
    """Cycle time: how long an order takes, step by step."""

    _inherit = "distribution.kpi.facts"

    @api.model
    def _kpis(self):
        return [*super()._kpis(), *CYCLE]

    def _order_operations(self, period, hours, where, sources):
        """Operations for sales orders that were done, with hours until then."""
        return SQL(
            """SELECT %(day)s AS day, picking.company_id, sale.branch_id,
                      NULL::integer AS category_id, customer.industry_id, sale.team_id,
                      picking.id AS res_id,
                      CONCAT_WS(' · ', sale.name, picking.name) AS label,
                      %(hours)s AS numerator, 1 AS denominator
                 FROM stock_picking picking
                 JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
                 JOIN sale_order sale ON sale.id = picking.sale_id
                 JOIN res_partner partner ON partner.id = sale.partner_id
            LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
                 JOIN stock_warehouse warehouse ON warehouse.id = kind.warehouse_id
                      %(sources)s
                WHERE picking.state = 'done' AND picking.company_id IN %(companies)s
                  AND %(done)s AND %(where)s""",
            day=period.day_of(SQL("picking.date_done")),
            hours=hours,
            sources=sources,
            companies=period.company_ids,
            done=period.has(SQL("picking.date_done")),
            where=where,
        )

    def _facts_confirm_to_pick(self, period):
        return self._order_operations(
            period,
            _hours_since(SQL("sale.date_order")),
            SQL("kind.id = warehouse.pick_type_id"),
            SQL(),
        )

    def _facts_pick_to_pack(self, period):
        return self._order_operations(
            period,
            _hours_since(SQL("before.done_at")),
            SQL("kind.id = warehouse.pack_type_id AND before.done_at IS NOT NULL"),
            STEP_BEFORE,
        )

    def _facts_pack_to_ship(self, period):
        return self._order_operations(
            period,
            _hours_since(SQL("before.done_at")),
            SQL("kind.code = 'outgoing' AND before.done_at IS NOT NULL"),
            STEP_BEFORE,
        )

    def _facts_confirm_to_ship(self, period):
        return self._order_operations(
            period,
            _hours_since(SQL("sale.date_order")),
            SQL("kind.code = 'outgoing'"),
            SQL(),
        )

    def _facts_ship_to_invoice(self, period):
        """Invoices with the days since the last delivery of what they are for."""
        return SQL(
            """SELECT move.invoice_date AS day, move.company_id, move.branch_id,
                      NULL::integer AS category_id, customer.industry_id, move.team_id,
                      move.id AS res_id, move.name AS label,
                      move.invoice_date - %(shipped_on)s AS numerator, 1 AS denominator
                 FROM account_move move
            LEFT JOIN res_partner customer ON customer.id = move.commercial_partner_id
           CROSS JOIN LATERAL (%(shipped)s) shipped
                WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
                  AND move.company_id IN %(companies)s
                  AND move.invoice_date BETWEEN %(start)s AND %(end)s
                  AND shipped.at IS NOT NULL""",
            shipped_on=period.day_of(SQL("shipped.at")),
            shipped=_shipped_before(period.end_of(SQL("move.invoice_date"))),
            companies=period.company_ids,
            start=period.start,
            end=period.end,
        )


def _shipped_before(end):
    """When goods of the order lines of invoice `move` last left before a moment."""
    return SQL(
        """SELECT MAX(goods.date) AS at
             FROM account_move_line line
             JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
             JOIN stock_move goods ON goods.sale_line_id = rel.order_line_id
             JOIN stock_location target ON target.id = goods.location_dest_id
            WHERE line.move_id = move.id AND goods.state = 'done'
              AND target.usage = 'customer' AND goods.date < %s""",
        end,
    )


def _cycle(**values):
    return Kpi(
        **{
            "theme": "service",
            "unit": "hours",
            "direction": "down",
            "kind": "flow",
            "model": "stock.picking",
            "dimensions": ("segment", "channel"),
            **values,
        }
    )


CYCLE = (
    _cycle(
        code="confirm_to_pick",
        name=_lt("Order to picked"),
        description=_lt(
            "Hours from the confirmation of an order until its goods were picked, of the "
            "pick operations done on the day. Warehouses that deliver in one step have "
            "none. Nights and weekends count."
        ),
        formula=_lt("Hours since the confirmation / pick operations"),
        facts="_facts_confirm_to_pick",
    ),
    _cycle(
        code="pick_to_pack",
        name=_lt("Picked to packed"),
        description=_lt(
            "Hours from the last pick operation until its goods were packed, of the pack "
            "operations done on the day."
        ),
        formula=_lt("Hours since the goods were picked / pack operations"),
        facts="_facts_pick_to_pack",
    ),
    _cycle(
        code="pack_to_ship",
        name=_lt("Packed to shipped"),
        description=_lt(
            "Hours from the last operation before, packing or else picking, until the goods "
            "were shipped, of the deliveries done on the day."
        ),
        formula=_lt("Hours since the goods were packed / deliveries"),
        facts="_facts_pack_to_ship",
    ),
    _cycle(
        code="confirm_to_ship",
        name=_lt("Order to shipped"),
        description=_lt(
            "Hours from the confirmation of an order until its goods were shipped, of the "
            "deliveries done on the day. A backorder counts with its own delivery."
        ),
        formula=_lt("Hours since the confirmation / deliveries"),
        facts="_facts_confirm_to_ship",
    ),
    _cycle(
        code="ship_to_invoice",
        name=_lt("Shipped to invoiced"),
        description=_lt(
            "Days from the last delivery of the goods until the date of the invoice, of the "
            "invoices of the day that are for delivered goods."
        ),
        formula=_lt("Days since the last delivery / invoices"),
        unit="days",
        model="account.move",
        facts="_facts_ship_to_invoice",
    ),
)
