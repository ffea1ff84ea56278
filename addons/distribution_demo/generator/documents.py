"""Six weeks of orders, receipts and lane transfers, each with the stage it has reached.

A stage is the state in which the document stands on the day of the demonstration.
Dates follow from the stage: what is paid is old, what is a quotation is recent.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .demand import is_stocked
from .tools import at, next_workday, shares, stream, workday

BASE_ORDERS = 160
# stage: (share, oldest and newest order date in days before today)
SALE_STAGES = {
    "paid": (34, 42, 22),
    "invoiced": (28, 24, 6),
    "delivered": (11, 6, 2),
    "partial": (3, 12, 4),
    "late": (3, 9, 4),
    "due": (9, 3, 1),
    "draft": (6, 9, 1),
    "sent": (4, 9, 1),
    "cancelled": (2, 20, 3),
}
PURCHASE_STAGES = {
    "billed": (50, 42, 24),
    "received": (12, 24, 14),
    "partial": (6, 24, 12),
    "overdue": (6, 18, 12),
    "open": (12, 4, 1),
    "draft": (9, 5, 1),
    "sent": (5, 8, 1),
}
# stage: (for each lane, days before today on which the goods left)
TRANSFER_STAGES = {
    "done": (10, None, 7),  # None: since the first month of the books
    "short": (1, 9, 6),
    "transit_late": (1, 6, 5),
    "transit": (2, 2, 1),
    "picked": (1, 0, 0),
    "requested": (2, 0, 0),
}
# Days after the promise on which goods leave or arrive: mostly none.
SALE_DELAYS = (*(0,) * 28, 1, 2)
# The weeks before were worse.
PAID_DELAYS = (*(0,) * 18, 1, 2)
PURCHASE_DELAYS = (-1, -1, *(0,) * 8, 1, 3)
LATE_LINES = 2
DELIVERED_STAGES = ("paid", "invoiced", "delivered", "partial")
RECEIVED_STAGES = ("billed", "received", "partial")
ARRIVED_STAGES = ("done", "short")
FRIDAY = 4
# How customers order; each is a sales team.
CHANNELS = ("inside", "counter", "inside", "web", "counter")
SHIPPED_STAGES = ("done", "short", "transit_late", "transit")


@dataclass(frozen=True)
class PlannedLine:
    """``discount`` is in percent of the price."""

    product: int
    quantity: int
    price: float
    discount: float = 0.0


@dataclass(frozen=True)
class PlannedSale:
    number: int
    customer: int
    branch: str
    stage: str
    ordered: datetime
    promised: datetime
    delivered: datetime | None
    lines: tuple

    @property
    def channel(self):
        """How the customer ordered."""
        return CHANNELS[self.number % len(CHANNELS)]


@dataclass(frozen=True)
class PlannedPurchase:
    number: int
    vendor: int
    branch: str
    stage: str
    ordered: datetime
    expected: datetime
    received: datetime | None
    lines: tuple


@dataclass(frozen=True)
class PlannedTransfer:
    """Goods from the central warehouse to a depot.

    ``arrival`` is when they were or are expected; a truck in six comes a day later.
    """

    number: int
    branch: str
    stage: str
    shipped: datetime
    arrival: datetime
    received: datetime | None
    lines: tuple

    @property
    def reference(self):
        return f"Replenishment {self.branch} {self.number:03d}"


def order_count(settings):
    if settings.orders is not None:
        return settings.orders
    return BASE_ORDERS + min(160, max(0, settings.skus - 300) // 100)


def plan_sales(settings, products, branches, customers):
    rng = stream(settings, "sales")
    by_branch = _demand_by_branch(products, branches)
    served = {b.key: [c for c in customers if c.branch == b.key] for b in branches}
    sales = []
    total = order_count(settings)
    for stage, branch in _spread(rng, SALE_STAGES, total, branches):
        customer = rng.choices(
            served[branch.key], [c.weight for c in served[branch.key]]
        )[0]
        lines = _sale_lines(rng, by_branch[branch.key], branch)
        if stage == "late":
            lines = lines[:LATE_LINES]
        sales.append(
            PlannedSale(
                number=0,
                customer=customer.index,
                branch=branch.key,
                stage=stage,
                lines=lines,
                **_sale_dates(rng, settings.today, stage),
            )
        )
    return _numbered(sales)


def _sale_dates(rng, today, stage):
    oldest, newest = SALE_STAGES[stage][1:]
    day = workday(today - timedelta(days=rng.randint(newest, oldest)))
    ordered = at(day, rng)
    if stage == "due":
        promised = next_workday(today + timedelta(days=rng.randint(1, 4)))
    else:
        promised = next_workday(day + timedelta(days=rng.choice((1, 1, 1, 2, 3))))
    delivered = None
    if stage in DELIVERED_STAGES:
        delays = PAID_DELAYS if stage == "paid" else SALE_DELAYS
        late = rng.choice(delays) if stage != "delivered" else 0
        day = min(next_workday(promised + timedelta(days=late)), _yesterday(today))
        delivered = max(at(day, rng), ordered + timedelta(hours=2))
    return {
        "ordered": ordered,
        "promised": at(promised, rng, 15),
        "delivered": delivered,
    }


def _yesterday(today):
    """What is done was done before the day of the demonstration."""
    return workday(today - timedelta(days=1))


def _demand_by_branch(products, branches):
    """Per branch: its products, and how often each is asked for."""
    result = {}
    for branch in branches:
        stocked = [p for p in products if is_stocked(p, branch)]
        result[branch.key] = (stocked, [1 / p.rank for p in stocked])
    return result


def _sale_lines(rng, assortment, branch):
    count = rng.choice((2, 3, 3, 4, 4, 5, 6)) + (1 if branch.is_central else 0)
    return tuple(
        PlannedLine(
            product.index,
            max(1, round(product.typical * rng.uniform(0.4, 1.6))),
            round(product.price * rng.choice((1.0, 1.0, 1.0, 0.95, 0.9)), 2),
        )
        for product in _draw(rng, assortment, count)
    )


def _draw(rng, assortment, count):
    """Draw different products, the popular ones more often."""
    products, weights = assortment
    chosen = {}
    for product in rng.choices(products, weights, k=4 * count):
        if len(chosen) < count:
            chosen[product.index] = product
    return list(chosen.values())


def _spread(rng, stages, total, branches):
    """Yield (stage, branch): every stage in every branch as far as they go round."""
    counts = shares(total, [stage[0] for stage in stages.values()])
    result = []
    for stage, count in zip(stages, counts, strict=True):
        for number in range(count):
            if number < len(branches):
                branch = branches[number]
            else:
                branch = rng.choice(branches)
            result.append((stage, branch))
    return result


def _numbered(documents, moment="ordered"):
    """Number the documents in the order of their dates."""
    documents.sort(key=lambda document: getattr(document, moment))
    return tuple(
        replace(document, number=number)
        for number, document in enumerate(documents, start=1)
    )


def plan_purchases(settings, products, branches, vendors, offers):
    rng = stream(settings, "purchases")
    catalogues = _catalogues(products, offers)
    sellers = [vendor for vendor in vendors if vendor.index in catalogues]
    weights = [vendor.weight for vendor in sellers]
    total = order_count(settings) and max(8, order_count(settings) // 3)
    purchases = []
    for stage, branch in _spread_purchases(total, branches):
        vendor = rng.choices(sellers, weights)[0]
        purchases.append(
            PlannedPurchase(
                number=0,
                vendor=vendor.index,
                branch=branch.key,
                stage=stage,
                lines=_purchase_lines(rng, catalogues[vendor.index], branch),
                **_purchase_dates(rng, settings.today, stage, vendor),
            )
        )
    return _numbered(purchases)


def _spread_purchases(total, branches):
    """The centre buys most. Every other order of a stage is local, one a depot."""
    counts = shares(total, [stage[0] for stage in PURCHASE_STAGES.values()])
    result = []
    for stage, count in zip(PURCHASE_STAGES, counts, strict=True):
        for number in range(count):
            depot = (number + 1) // 2
            is_local = number % 2 and depot < len(branches)
            result.append((stage, branches[depot if is_local else 0]))
    return result


def _catalogues(products, offers):
    result = {}
    for offer in offers:
        if offer.sequence == 1:
            result.setdefault(offer.vendor, []).append((products[offer.product], offer))
    return result


def _purchase_lines(rng, catalogue, branch):
    usable = [entry for entry in catalogue if is_stocked(entry[0], branch)]
    usable = usable or catalogue
    weights = [1 / product.rank for product, _offer in usable]
    chosen = {}
    for product, offer in rng.choices(usable, weights, k=12):
        if len(chosen) < 5:
            chosen[product.index] = (product, offer)
    lines = []
    for product, offer in chosen.values():
        batch = product.demand * (2 if branch.is_central else 0.5)
        quantity = max(offer.min_qty, product.typical, round(batch))
        price = offer.price
        if rng.random() < 0.15:
            price = round(price * rng.uniform(0.97, 1.03), 2)
        lines.append(PlannedLine(product.index, quantity, price))
    return tuple(lines)


def _purchase_dates(rng, today, stage, vendor):
    oldest, newest = PURCHASE_STAGES[stage][1:]
    day = workday(today - timedelta(days=rng.randint(newest, oldest)))
    ordered = at(day, rng)
    delay = (
        min(vendor.lead_days, max(3, newest - 3)) if newest > 4 else vendor.lead_days
    )
    expected = next_workday(day + timedelta(days=delay))
    received = None
    if stage in RECEIVED_STAGES:
        slip = rng.choice(PURCHASE_DELAYS)
        arrival = min(next_workday(expected + timedelta(days=slip)), _yesterday(today))
        received = max(at(arrival, rng), ordered + timedelta(hours=4))
    return {"ordered": ordered, "expected": at(expected, rng, 9), "received": received}


def plan_transfers(settings, products, branches):
    if not order_count(settings):
        return ()
    rng = stream(settings, "transfers")
    by_branch = _demand_by_branch(products, branches)
    transfers = []
    for branch in branches[1:]:
        for stage, (count, oldest, newest) in TRANSFER_STAGES.items():
            oldest = oldest or _days_of_books(settings)
            for day in _departure_days(rng, settings.today, count, oldest, newest):
                transfers.append(
                    _transfer(rng, settings, branch, stage, day, by_branch[branch.key])
                )
    return _numbered(transfers, "shipped")


def _days_of_books(settings):
    """How many days ago the first goods left; by then they were ordered and picked."""
    return (settings.today - settings.months[0]).days - 4


def _departure_days(rng, today, count, oldest, newest):
    """Days on which a truck left: different ones if there are enough, some Fridays."""
    ages = range(newest, oldest + 1)
    days = sorted({workday(today - timedelta(days=age)) for age in ages})
    fridays = [day for day in days if day.weekday() == FRIDAY]
    chosen = rng.sample(fridays, min(count // 3, len(fridays)))
    others = [day for day in days if day not in fridays]
    chosen += rng.sample(others, min(count - len(chosen), len(others)))
    return chosen + rng.choices(days, k=count - len(chosen))


def _transfer(rng, settings, branch, stage, day, assortment):
    arrival = next_workday(day + timedelta(days=1))
    if stage == "transit":
        arrival = next_workday(settings.today + timedelta(days=1))
    elif stage == "requested":
        arrival = next_workday(settings.today + timedelta(days=2))
    late = timedelta(days=rng.choice((0, 0, 0, 0, 0, 1)))
    count = rng.randint(2, 3) if stage == "done" else rng.randint(3, 6)
    received = min(next_workday(arrival + late), _yesterday(settings.today))
    lines = tuple(
        PlannedLine(
            product.index,
            max(2, product.typical * rng.randint(1, 3)),
            product.cost,
        )
        for product in _draw(rng, assortment, count)
    )
    return PlannedTransfer(
        number=0,
        branch=branch.key,
        stage=stage,
        shipped=at(day, rng, 5, 6),
        arrival=at(arrival, rng, 8, 10),
        received=at(received, rng, 8, 11) if stage in ARRIVED_STAGES else None,
        lines=lines,
    )
