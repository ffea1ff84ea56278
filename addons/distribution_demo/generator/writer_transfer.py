"""Replenishment from the central warehouse to the depots. Plain Odoo.

A transfer is a procurement at the depot along its lane: two chained pickings (more
where the warehouses work in several steps) through the lane's transit location.
"""

from .documents import SHIPPED_STAGES
from .shipping import ALL_LEGS, ship
from .writer import Writer


class TransferWriter(Writer):
    theme = "lane transfers"

    def run(self):
        transfers = [t for t in self.plan.transfers if t.branch in self.book.routes]
        if not transfers:
            return
        references = self.create_all(
            "stock.reference", [{"name": t.reference} for t in transfers]
        )
        self._planned = dict(zip(references.ids, transfers, strict=True))
        self._procure(references)
        self._plan_in_the_past(self._at(references, *SHIPPED_STAGES))
        self._leave(self._at(references, *SHIPPED_STAGES), ALL_LEGS)
        self._leave(self._at(references, "picked"), 1)
        self._arrive(self._at(references, "done"))
        self._arrive(self._at(references, "short"), halve=True)

    def _at(self, references, *stages):
        return references.filtered(lambda ref: self._planned[ref.id].stage in stages)

    def _procure(self, references):
        Rule = self.env["stock.rule"]
        procurements = []
        for reference in references:
            transfer = self._planned[reference.id]
            for line in transfer.lines:
                procurements.append(self._procurement(reference, transfer, line))
        Rule.run(procurements)

    def _procurement(self, reference, transfer, line):
        warehouse = self.book.warehouses[transfer.branch]
        product = self.product(line.product)
        return self.env["stock.rule"].Procurement(
            product,
            line.quantity,
            product.uom_id,
            warehouse.lot_stock_id,
            reference.name,
            reference.name,
            self.company,
            {
                "warehouse_id": warehouse,
                "route_ids": self.book.routes[transfer.branch],
                "date_planned": transfer.arrival,
                "date_deadline": transfer.arrival,
                "reference_ids": reference,
            },
        )

    def _plan_in_the_past(self, references):
        """Plan the moves for when they were needed.

        Procurement plans nothing for a day that is over.
        """
        at_central = self._operations_of_central()
        for reference in references:
            transfer = self._planned[reference.id]
            of_central = reference.move_ids.filtered(
                lambda move: move.picking_type_id.id in at_central
            )
            of_central.date = transfer.shipped
            (reference.move_ids - of_central).date = transfer.arrival

    def _leave(self, references, legs):
        moments = {ref.id: self._planned[ref.id].shipped for ref in references}
        at_central = self._operations_of_central()
        ship(self.env, moments, [("picking_type_id", "in", at_central)], legs=legs)

    def _arrive(self, references, halve=False):
        moments = {ref.id: self._planned[ref.id].arrival for ref in references}
        at_central = self._operations_of_central()
        domain = [("picking_type_id", "not in", at_central)]
        ship(self.env, moments, domain, halve=halve)

    def _operations_of_central(self):
        central = next(iter(self.book.warehouses.values()))
        operations = self.env["stock.picking.type"].search(
            [("warehouse_id", "=", central.id)]
        )
        return operations.ids
