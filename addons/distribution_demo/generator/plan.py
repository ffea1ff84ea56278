"""The whole reference case as data. No Odoo here: it runs and is tested in seconds."""

from dataclasses import dataclass

from . import catalogue, demand, documents, network, partners
from .settings import Settings


@dataclass(frozen=True)
class Plan:
    """Everything there is to create. Products, vendors and customers are named by
    their index, branches by their key."""

    settings: Settings
    categories: tuple
    products: tuple
    regions: tuple
    branches: tuple
    users: tuple
    vendors: tuple
    customers: tuple
    offers: tuple
    stock: tuple
    orderpoints: tuple
    sales: tuple
    purchases: tuple
    transfers: tuple


def build_plan(settings=None):
    settings = settings or Settings()
    products = catalogue.plan_products(settings)
    branches = network.plan_branches(settings)
    vendors = partners.plan_vendors(settings)
    customers = partners.plan_customers(settings, branches)
    offers = partners.plan_offers(settings, products, vendors)
    return Plan(
        settings=settings,
        categories=catalogue.plan_categories(),
        products=products,
        regions=network.plan_regions(branches),
        branches=branches,
        users=network.plan_users(settings, branches),
        vendors=vendors,
        customers=customers,
        offers=offers,
        stock=demand.plan_stock(settings, products, branches),
        orderpoints=demand.plan_orderpoints(settings, products, branches),
        sales=documents.plan_sales(settings, products, branches, customers),
        purchases=documents.plan_purchases(
            settings, products, branches, vendors, offers
        ),
        transfers=documents.plan_transfers(settings, products, branches),
    )
