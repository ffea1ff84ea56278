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
        """Procure; return how many moves that made."""
        prepared._procure_orderpoint_confirm(company_id=scene.env.company)
        moves = scene.env["stock.move"].search([("orderpoint_id", "in", prepared.ids)])
        return len(moves | moves.move_orig_ids)


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
    "resupply": Resupply(),
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
    "resupply": "resupply {orderpoints} reordering rules of a depot",
    "free_quantity_some": "free quantity, {products} products, all warehouses",
    "free_quantity_all": "free quantity, all {skus} products, all warehouses",
    "order_list": "order list, {rows} rows",
    "picking_list": "transfer list, {rows} rows",
    "order_form": "order form, {lines} lines",
    "picking_form": "transfer form, {lines} lines",
}
# What approvals are asked at: measured against the suite without them.
GATED = ("confirm_order", "create_confirm_orders", "confirm_purchases")
