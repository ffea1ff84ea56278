"""What all writers share: the book of records, batches, progress."""

import logging
from dataclasses import dataclass, field
from typing import Any

_logger = logging.getLogger(__name__)

BATCH = 1000
# Nobody follows these documents, and nobody needs a mail about them.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
}


@dataclass
class Book:
    """Which record stands for which entry of the plan.

    ``products``, ``vendors`` and ``customers`` are ids in the plan's order; the rest is
    by the plan's keys. ``routes`` holds, for a depot, the route along which the central
    warehouse supplies it, and ``lanes`` that lane; ``shelves`` where a branch keeps its
    stock, if not in the warehouse's stock location itself.

    ``teams`` are sales channels, ``accounts`` what the books of the demonstration add to
    the chart, both by key, ``contract_customers`` by the index of the contract, and
    ``scrap_location`` where scrap goes that is posted.

    ``batch_product`` is the product with lots, ``opening_extra`` the value of its opening
    stock, which the plan knows nothing about.

    A caller who brings warehouses of their own fills in ``warehouses`` and ``routes``
    and leaves out the writers of network and users.
    """

    env: Any
    plan: Any
    categories: dict = field(default_factory=dict)
    products: list = field(default_factory=list)
    vendors: list = field(default_factory=list)
    customers: list = field(default_factory=list)
    warehouses: dict = field(default_factory=dict)
    routes: dict = field(default_factory=dict)
    lanes: dict = field(default_factory=dict)
    shelves: dict = field(default_factory=dict)
    branches: dict = field(default_factory=dict)
    users: dict = field(default_factory=dict)
    teams: dict = field(default_factory=dict)
    accounts: dict = field(default_factory=dict)
    contract_customers: dict = field(default_factory=dict)
    scrap_location: Any = None
    batch_product: Any = None
    opening_extra: float = 0.0

    def user(self, key):
        """Return the user, or the administrator where the plan's people are absent."""
        return self.users.get(key) or self.env.ref("base.user_admin")


class Writer:
    """Writes one theme of the plan. ``run`` is the only public method."""

    theme = ""

    def __init__(self, book):
        self.book = book
        self.plan = book.plan
        self.env = book.env(context={**book.env.context, **QUIET})
        self.company = self.env.company

    def run(self):
        raise NotImplementedError

    def create_all(self, model, values, batch=BATCH):
        """Create records in batches, writing each batch to the database."""
        records = self.env[model]
        for chunk in self.batches(values, batch, model):
            records += self.env[model].create(chunk)
            self.env.flush_all()
        return records

    def batches(self, items, size, what):
        for start in range(0, len(items), size):
            yield items[start : start + size]
            done = min(start + size, len(items))
            if len(items) > size:
                _logger.info("%s %s of %s", what, done, len(items))

    def product(self, index):
        return self.env["product.product"].browse(self.book.products[index])
