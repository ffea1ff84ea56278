from odoo import models


class StockMove(models.Model):
    """What finds the last delivery and the receipts of a product without reading all."""

    _inherit = "stock.move"

    _kpi_out_idx = models.Index(
        "(product_id, company_id, date, id) "
        "WHERE state = 'done' AND is_out AND quantity > 0"
    )
    _kpi_in_idx = models.Index(
        "(product_id, company_id, date, id) "
        "WHERE state = 'done' AND is_in AND quantity > 0"
    )


class StockMoveLine(models.Model):
    """What has moved since a day."""

    _inherit = "stock.move.line"

    _kpi_done_idx = models.Index("(date) WHERE state = 'done'")


class ProductValue(models.Model):
    _inherit = "product.value"

    _kpi_idx = models.Index(
        "(product_id, company_id, date, id) WHERE move_id IS NULL AND lot_id IS NULL"
    )
