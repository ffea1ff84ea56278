"""A batch of pickings for the people of the central warehouse. Needs batch picking."""

from .writer import Writer

PICKINGS = 5


class BatchWriter(Writer):
    theme = "batches"

    def run(self):
        if "stock.picking.batch" not in self.env:
            return
        central = next(iter(self.book.warehouses.values()))
        ready = self.env["stock.picking"].search(
            [
                ("picking_type_id", "=", central.pick_type_id.id),
                ("state", "=", "assigned"),
                ("batch_id", "=", False),
            ],
            order="scheduled_date, id",
            limit=PICKINGS,
        )
        if ready:
            batch = self.env["stock.picking.batch"].create(
                {
                    "user_id": self.book.user("picker.central").id,
                    "picking_ids": [(6, 0, ready.ids)],
                }
            )
            batch.action_confirm()
