"""The same data for both databases: in plain warehouses, or in branches with lanes."""

import json

from scene import PARAMETER, Scene

from odoo.addons.distribution_demo.generator.plan import build_plan
from odoo.addons.distribution_demo.generator.run import generate_stock
from odoo.addons.distribution_demo.generator.settings import Settings
from odoo.addons.distribution_demo.generator.writer import QUIET, Book
from odoo.addons.distribution_demo.generator.writer_company import CompanyWriter

# What a branch operator of the suite has of Odoo's own groups.
CLERK_GROUPS = (
    "base.group_user",
    "stock.group_stock_user",
    "stock.group_stock_multi_locations",
    "stock.group_stock_multi_warehouses",
    "sales_team.group_sale_salesman_all_leads",
)
OPERATOR = "distribution_base.group_branch_operator"
TRANSFER = "distribution.transfer"
CENTRAL_ORDERS = 20
HUGE = 1_000_000_000.0


def build(env, sizes, with_suite):
    """Fill a new database, and note in it what the operations work on."""
    plan = build_plan(Settings(skus=sizes.skus, branches=sizes.branches))
    CompanyWriter(Book(env, plan)).run()
    first = env["stock.warehouse"].search([])
    make = make_branches if with_suite else make_warehouses
    warehouses, routes = make(env, plan)
    first.active = False
    book = generate_stock(env, warehouses, plan.settings, routes)
    clerk = make_user(env, "clerk", warehouses[1], with_suite)
    # Whoever asks for goods does not receive them, where the pairs of duties are on.
    receiver = make_user(env, "receiver", warehouses[1], with_suite)
    sender = make_user(env, "sender", warehouses[0], with_suite)
    if "distribution.approval.policy" in env:
        make_policies(env, warehouses.branch_id)
    values = {
        "clerk": clerk.id,
        "receiver": receiver.id,
        "sender": sender.id,
        "products": book.products,
        "customers": book.customers,
        "warehouses": warehouses.ids,
        "central_stocked": stocked(book, plan, plan.branches[0]),
        "stocked": stocked(book, plan, plan.branches[1]),
    }
    env["ir.config_parameter"].set_param(PARAMETER, json.dumps(values))
    make_orders(Scene(env, sizes))


def make_warehouses(env, plan):
    """Plain warehouses with Odoo's own routes from the first to the others."""
    warehouses = env["stock.warehouse"]
    for branch in plan.branches:
        values = {"name": branch.name, "code": branch.code}
        if warehouses:
            values["resupply_wh_ids"] = [(4, warehouses[0].id)]
        warehouses += env["stock.warehouse"].create(values)
    return warehouses, [depot.resupply_route_ids for depot in warehouses[1:]]


def make_branches(env, plan):
    """Branches with a lane from the first to each of the others."""
    region = env["distribution.region"].create({"name": "Network", "code": "NET"})
    branches = env["distribution.branch"].create(
        [
            {
                "name": branch.name,
                "code": branch.code,
                "region_id": region.id,
                "branch_type": "central" if branch.is_central else "depot",
            }
            for branch in plan.branches
        ]
    )
    lanes = env["distribution.lane"].create(
        [
            {"source_branch_id": branches[0].id, "destination_branch_id": depot.id}
            for depot in branches[1:]
        ]
    )
    return branches.warehouse_id, [lane.route_id for lane in lanes]


def make_policies(env, branches):
    """Policies for every kind of document, which nothing here is large enough for.

    They are in force, so that what a document costs that needs no approval is measured.
    """
    manager = (
        env["res.users"]
        .with_context(**QUIET)
        .create(
            {
                "name": "Manager",
                "login": "benchmark-manager",
                "group_ids": [
                    (6, 0, env.ref("distribution_base.group_administrator").ids)
                ],
            }
        )
    )
    branches.manager_id = manager
    setup = env["distribution.approval.setup"].create({})
    setup.line_ids.write({"first_limit": HUGE, "second_limit": 2 * HUGE})
    setup.line_ids.is_chosen = True
    transfers = setup.line_ids.filtered(lambda x: x.document_model == TRANSFER)
    transfers.is_chosen = False
    setup.action_apply()
    if transfers:
        make_transfer_policy(env, manager)


def make_transfer_policy(env, manager):
    """By all that transfers are measured by; a cover is never below zero."""
    borders = {
        "transfer_value": HUGE,
        "transfer_cover": -1.0,
        "transfer_deviation": HUGE,
    }
    step = (0, 0, {"authority": "user", "user_id": manager.id})
    rules = []
    for measure, border in borders.items():
        bands = [
            {"has_lower": False, "has_upper": True, "upper": border},
            {"has_lower": True, "lower": border, "has_upper": False},
        ]
        bands[0 if border < 0 else 1]["step_ids"] = [step]
        values = {"name": measure, "measure": measure}
        rules.append({**values, "band_ids": [(0, 0, band) for band in bands]})
    env["distribution.approval.policy"].create(
        {
            "name": "Transfers",
            "document_model": TRANSFER,
            "rule_ids": [(0, 0, rule) for rule in rules],
        }
    ).action_activate()


def make_user(env, name, warehouse, with_suite):
    """Someone who sells, ships and receives in one warehouse."""
    groups = [OPERATOR, "base.group_user"] if with_suite else CLERK_GROUPS
    values = {
        "name": name.capitalize(),
        "login": f"benchmark-{name}",
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
        "property_warehouse_id": warehouse.id,
    }
    if with_suite:
        values["branch_ids"] = [(6, 0, warehouse.branch_id.ids)]
    return env["res.users"].with_context(**QUIET).create(values)


def stocked(book, plan, branch):
    """The products that a branch has on its shelves, the fullest first."""
    lines = [line for line in plan.stock if line.branch == branch.key]
    lines.sort(key=lambda line: (-line.quantity, line.product))
    return [book.products[line.product] for line in lines]


def make_orders(scene):
    """The depot's confirmed orders, whose deliveries wait, and some of the centre."""
    sizes = scene.sizes
    values = scene.order_values(sizes.orders, sizes.lines)
    orders = scene.env["sale.order"].with_user(scene.clerk).create(values)
    orders.action_confirm()
    values = scene.order_values(CENTRAL_ORDERS, 2, warehouse=scene.central)
    scene.env["sale.order"].create(values).action_confirm()
