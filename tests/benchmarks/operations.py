"""What is measured. Each operation runs the same code in either database."""

from view_spec import view_specification

FEW = 2  # orders, of many, that warm the caches
LIST_COUNT_LIMIT = 10001


class Operation:
    """One thing people do.

    `prepare` makes what is needed, unmeasured, and returns it; `run` is measured. What
    takes long is `heavy`: it is repeated less, and warmed with a part of itself.
    """

    heavy = False

    def prepare(self, scene, warming):
        """Return what `run` works on."""

    def run(self, scene, prepared):
        """Do the work; return something that tells both databases did the same."""
        raise NotImplementedError

    def check(self, scene, prepared):
        """Fail where the suite has not done it as it should; not measured."""


class CreateOrders(Operation):
    """Create orders as the clerk of a depot."""

    def __init__(self, count="orders", lines="lines"):
        self.count, self.lines = count, lines

    def values(self, scene, warming=False):
        """Values of the orders, as many as the sizes say."""
        count = getattr(scene.sizes, self.count) if self.count else 1
        count = min(count, FEW) if warming else count
        return scene.order_values(count, getattr(scene.sizes, self.lines))

    def prepare(self, scene, warming):
        """Return the values to create the orders with."""
        return self.values(scene, warming)

    def run(self, scene, prepared):
        """Create; return how many lines there are."""
        return len(scene.as_clerk("sale.order").create(prepared).order_line)


class ConfirmOrders(CreateOrders):
    """Confirm orders that are there."""

    def prepare(self, scene, warming):
        """Return new quotations."""
        return scene.as_clerk("sale.order").create(self.values(scene, warming))

    def run(self, scene, prepared):
        """Confirm; return how many moves that made."""
        prepared.action_confirm()
        return len(prepared.picking_ids.move_ids)


class CreateAndConfirmOrders(CreateOrders):
    """Create and confirm orders in one transaction."""

    heavy = True

    def run(self, scene, prepared):
        """Create and confirm; return how many moves that made."""
        orders = scene.as_clerk("sale.order").create(prepared)
        orders.action_confirm()
        return len(orders.picking_ids.move_ids)


class ConfirmPurchases(Operation):
    """Confirm purchase orders of the depot, as superuser since clerks do not buy."""

    heavy = True

    def prepare(self, scene, warming):
        """Return new requests for quotation."""
        count = FEW if warming else scene.sizes.purchases
        values = scene.purchase_values(count, scene.sizes.purchase_lines)
        return scene.env["purchase.order"].create(values)

    def run(self, scene, prepared):
        """Confirm; return how many moves that made."""
        prepared.button_confirm()
        return len(prepared.picking_ids.move_ids)


class ValidateDeliveries(Operation):
    """Ship what the depot's orders wait for."""

    heavy = True

    def prepare(self, scene, warming):
        """Return the deliveries."""
        deliveries = scene.depot_deliveries()
        deliveries = deliveries[:FEW] if warming else deliveries
        return scene.as_clerk("stock.picking").browse(deliveries.ids)

    def run(self, scene, prepared):
        """Validate in one call; return how many moves are done, and what they cost."""
        prepared.with_context(skip_backorder=True, skip_sms=True).button_validate()
        done = prepared.move_ids.filtered(lambda move: move.state == "done")
        return [len(done), round(sum(done.mapped("value")), 2)]


class OrderToCash(CreateOrders):
    """One order of a depot, from its confirmation to the posted invoice."""

    heavy = True

    def __init__(self):
        super().__init__(None, "lines")

    def prepare(self, scene, warming):
        """Return a quotation, for what is delivered to be invoiced."""
        orders = scene.env["sale.order"].create(self.values(scene, warming))
        orders.order_line.product_id.invoice_policy = "delivery"
        return orders

    def run(self, scene, prepared):
        """Confirm, deliver, invoice, post; return how many items that made."""
        prepared.action_confirm()
        deliveries = prepared.picking_ids
        for move in deliveries.move_ids:
            move.quantity = move.product_uom_qty
        deliveries.move_ids.picked = True
        deliveries.with_context(skip_backorder=True, skip_sms=True).button_validate()
        invoices = prepared._create_invoices()
        invoices.action_post()
        return [len(invoices.line_ids), round(sum(invoices.mapped("amount_total")), 2)]


class Resupply(Operation):
    """Order what the reordering rules of the depot ask of the central warehouse."""

    heavy = True

    def prepare(self, scene, warming):
        """Return rules that each ask for something."""
        orderpoints = scene.env["stock.warehouse.orderpoint"].search(
            [("warehouse_id", "=", scene.depot.id)],
            order="id",
            limit=10 * FEW if warming else scene.sizes.orderpoints,
        )
        orderpoints.write({"trigger": "manual", "qty_to_order_manual": 5})
        return orderpoints

    def run(self, scene, prepared):
        """Procure; return what is to be received for the rules, and to be shipped.

        In quantities: stock Odoo adds to a move that waits already, a transfer has a line
        for each time that somebody asked.
        """
        prepared._procure_orderpoint_confirm(company_id=scene.env.company)
        moves = scene.env["stock.move"].search([("orderpoint_id", "in", prepared.ids)])
        incoming = moves.filtered(lambda move: move.location_id.usage == "transit")
        both = (incoming, incoming.move_orig_ids)
        return [sum(found.mapped("product_uom_qty")) for found in both]

    def check(self, scene, prepared):
        """Fail unless one transfer brings everything, as the truck is one."""
        if not scene.has_transfers:
            return
        lines = scene.env["distribution.transfer.line"].search(
            [
                ("orderpoint_id", "in", prepared.ids),
                ("create_date", "=", scene.env.cr.now()),
            ]
        )
        if len(lines.transfer_id) != 1 or lines.orderpoint_id != prepared:
            raise AssertionError(
                f"{len(prepared)} reordering rules came to {len(lines)} lines of"
                f" {len(lines.transfer_id)} transfers"
            )


class CarryTransfer(Operation):
    """Bring goods from the central warehouse to the depot, from the request to the end.

    In stock Odoo these are two pickings that know nothing of each other. Each step is a
    request of its own, so it begins with an empty cache of records. Reordering rules rest:
    stock Odoo runs them where a picking is confirmed by hand, and not where a rule makes
    it, so they would be a cost of one side only.
    """

    heavy = True

    def __init__(self, governed=False):
        self.governed = governed

    def prepare(self, scene, warming):
        """Return {product id: quantity}; without policies for transfers, unless governed."""
        scene.rest_scheduler()
        if not self.governed:
            scene.retire_transfer_policies()
        # Both have emptied the caches of the process.
        self.run(scene, scene.transfer_quantities(FEW))
        lines = 10 * FEW if warming else scene.sizes.transfer_lines
        return scene.transfer_quantities(lines)

    def run(self, scene, prepared):
        """Carry; return how many lines have arrived, and the sum of the quantities."""
        carry = self._transfer if scene.has_transfers else self._two_pickings
        receipt = carry(scene, prepared)
        done = receipt.move_ids.filtered(lambda move: move.state == "done")
        return [len(done), sum(done.mapped("quantity"))]

    def check(self, scene, prepared):
        """Forget in this process what `prepare` has set."""
        scene.env.registry.clear_all_caches()

    def _two_pickings(self, scene, quantities):
        central, depot = scene.central, scene.depot
        way = (central.lot_stock_id, scene.transit, depot.lot_stock_id)
        out = self._picking(
            scene, scene.sender, central.out_type_id, way[:2], quantities
        )
        self._step(scene, out.action_assign)
        self._validate(scene, out)
        receipt = self._picking(
            scene, scene.receiver, depot.in_type_id, way[1:], quantities
        )
        self._step(scene, receipt.action_assign)
        self._validate(scene, receipt)
        return receipt

    def _picking(self, scene, user, operation, way, quantities):
        places = {"location_id": way[0].id, "location_dest_id": way[1].id}
        moves = [
            {"product_id": product, "product_uom_qty": quantity, **places}
            for product, quantity in quantities.items()
        ]
        picking = scene.as_user(user, "stock.picking").create(
            {
                "picking_type_id": operation.id,
                "move_ids": [(0, 0, values) for values in moves],
                **places,
            }
        )
        self._step(scene, picking.action_confirm)
        return picking

    def _transfer(self, scene, quantities):
        transfer = scene.as_clerk("distribution.transfer").create(
            {
                "lane_id": scene.lane.id,
                "reason": "balancing",
                "line_ids": [
                    (0, 0, {"product_id": product, "requested_qty": quantity})
                    for product, quantity in quantities.items()
                ],
            }
        )
        self._step(scene, transfer.action_request)
        out = self._picking_of(scene, scene.sender, transfer, scene.central)
        self._step(scene, out.action_assign)
        self._validate(scene, out)
        receipt = self._picking_of(scene, scene.receiver, transfer, scene.depot)
        self._validate(scene, receipt)
        self._step(scene, transfer.action_close)
        return receipt

    def _picking_of(self, scene, user, transfer, warehouse):
        domain = [
            ("transfer_id", "=", transfer.id),
            ("picking_type_id.warehouse_id", "=", warehouse.id),
        ]
        return scene.as_user(user, "stock.picking").search(domain)

    def _validate(self, scene, picking):
        picking = picking.with_context(skip_backorder=True, skip_sms=True)
        self._step(scene, picking.button_validate)

    def _step(self, scene, function):
        scene.env.flush_all()
        scene.env.invalidate_all()
        function()


class FreeQuantity(Operation):
    """Look up what each warehouse has and will have, as the clerk."""

    def __init__(self, every=False):
        self.every = self.heavy = every

    def prepare(self, scene, warming):
        """Return ids of products."""
        limit = scene.sizes.products
        return scene.products.ids if self.every else scene.products.ids[:limit]

    def run(self, scene, prepared):
        """Read; return the sum."""
        products = scene.as_clerk("product.product").browse(prepared)
        total = 0
        for warehouse in scene.warehouses:
            for product in products.with_context(warehouse_id=warehouse.id):
                total += product.free_qty + product.virtual_available
        return total


class OpenView(Operation):
    """What a client asks the server for when the clerk opens a view."""

    def __init__(self, model, view):
        self.model, self.view = model, view

    def specification(self, scene, view_type):
        """The fields of the view; a client asks for them once and keeps the answer."""
        view = scene.env.ref(self.view)
        return view_specification(scene.as_clerk(self.model), view_type, view.id)


class OpenList(OpenView):
    """Open a list of the depot's documents."""

    def __init__(self, model, view, warehouse_field):
        super().__init__(model, view)
        self.warehouse_field = warehouse_field

    def prepare(self, scene, warming):
        """Return the arguments of the call."""
        return {
            "domain": [(self.warehouse_field, "=", scene.depot.id)],
            "specification": self.specification(scene, "list"),
            "limit": scene.sizes.rows,
            "count_limit": LIST_COUNT_LIMIT,
        }

    def run(self, scene, prepared):
        """Search and read; return how many rows came."""
        model = scene.as_clerk(self.model).with_context(bin_size=True)
        return len(model.web_search_read(**prepared)["records"])


class OpenForm(OpenView):
    """Open one of the depot's documents."""

    def prepare(self, scene, warming):
        """Return the document and its fields."""
        orders = scene.depot_orders()[:1]
        record = orders if self.model == "sale.order" else orders.picking_ids
        record = (
            scene.as_clerk(self.model).with_context(bin_size=True).browse(record.id)
        )
        return record, self.specification(scene, "form")

    def run(self, scene, prepared):
        """Read; return how many lines it has."""
        record, specification = prepared
        values = record.web_read(specification)[0]
        lines = "order_line" if self.model == "sale.order" else "move_ids"
        return len(values[lines])


OPERATIONS = {
    "create_order": CreateOrders(None, "order_lines"),
    "confirm_order": ConfirmOrders(None, "order_lines"),
    "create_confirm_orders": CreateAndConfirmOrders(),
    "confirm_purchases": ConfirmPurchases(),
    "validate_deliveries": ValidateDeliveries(),
    "order_to_cash": OrderToCash(),
    "resupply": Resupply(),
    "transfer": CarryTransfer(),
    "governed_transfer": CarryTransfer(governed=True),
    "free_quantity_some": FreeQuantity(),
    "free_quantity_all": FreeQuantity(every=True),
    "order_list": OpenList("sale.order", "sale.view_order_tree", "warehouse_id"),
    "picking_list": OpenList(
        "stock.picking", "stock.vpicktree", "picking_type_id.warehouse_id"
    ),
    "order_form": OpenForm("sale.order", "sale.view_order_form"),
    "picking_form": OpenForm("stock.picking", "stock.view_picking_form"),
}
LABELS = {
    "create_order": "create one order of {order_lines} lines",
    "confirm_order": "confirm it",
    "create_confirm_orders": "create and confirm {orders} orders of {lines} lines",
    "confirm_purchases": "confirm {purchases} purchase orders of {purchase_lines} lines",
    "validate_deliveries": "validate the deliveries of {orders} such orders",
    "order_to_cash": "confirm, deliver and invoice an order of {lines} lines",
    "resupply": "resupply {orderpoints} reordering rules of a depot",
    "transfer": "carry {transfer_lines} lines from the central warehouse to a depot",
    "governed_transfer": "the same, with policies for transfers",
    "free_quantity_some": "free quantity, {products} products, all warehouses",
    "free_quantity_all": "free quantity, all {skus} products, all warehouses",
    "order_list": "order list, {rows} rows",
    "picking_list": "transfer list, {rows} rows",
    "order_form": "order form, {lines} lines",
    "picking_form": "transfer form, {lines} lines",
}
# What approvals are asked at: measured against the suite without them.
GATED = ("confirm_order", "create_confirm_orders", "confirm_purchases")
# What branch accounting has a part in: measured against the suite without it.
BOOKED = ("order_to_cash",)
