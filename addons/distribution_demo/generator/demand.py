"""Opening stock and reordering rules, from the demand of each product."""

import math
from dataclasses import dataclass

from .tools import stream

CENTRAL_SHARE = 0.2  # of the demand is served by the central warehouse itself
# Of the depots' products, those that start below their reordering point and those that
# are out: shares, and how many at most of a large catalogue.
LOW_SHARE, MOST_LOW = 0.05, 15
EMPTY_SHARE, MOST_EMPTY = 0.01, 3
SURELY_LOW = 2
DEPOT_COVER_WEEKS = 4
CENTRAL_COVER_WEEKS = 8
# A product that nobody plans for is still kept for one or two order lines.
SAFETY_LINES = 2


@dataclass(frozen=True)
class PlannedStock:
    product: int
    branch: str
    quantity: int


@dataclass(frozen=True)
class PlannedOrderpoint:
    product: int
    branch: str
    minimum: int
    maximum: int
    is_automatic: bool


def is_stocked(product, branch):
    """Depots keep what moves (classes A and B); the central warehouse keeps all."""
    return branch.is_central or product.abc != "C"


def weekly_demand(product, branch, depots):
    """Units a week that leave this branch, its lanes included."""
    if branch.is_central:
        return product.demand
    return product.demand * (1 - CENTRAL_SHARE) / max(1, depots)


def plan_stock(settings, products, branches):
    rng = stream(settings, "stock")
    depots = len(branches) - 1
    low = {branch.key: _surely_low(products, branch) for branch in branches}
    stock = []
    for product in products:
        for branch in branches:
            if not is_stocked(product, branch):
                continue
            quantity = _opening_quantity(rng, settings.skus, product, branch, depots)
            if product.rank in low[branch.key]:
                demand = weekly_demand(product, branch, depots)
                minimum, _maximum = _levels(product, branch, demand)
                quantity = max(1, minimum // 4)
            if quantity:
                stock.append(PlannedStock(product.index, branch.key, quantity))
    return tuple(stock)


def _surely_low(products, branch):
    """Ranks of what is asked for least at the branch, for the planner to decide on."""
    ranks = sorted(p.rank for p in products if is_stocked(p, branch))
    return set(ranks[-SURELY_LOW:])


def _opening_quantity(rng, skus, product, branch, depots):
    demand = weekly_demand(product, branch, depots)
    empty = min(EMPTY_SHARE, MOST_EMPTY / skus)
    low = min(LOW_SHARE, MOST_LOW / skus)
    if branch.is_central:
        empty, low = 0.0, low / 2  # the centre runs low, it does not run out
    chance = rng.random()
    if chance < empty:
        return 0
    minimum, maximum = _levels(product, branch, demand)
    if chance < empty + low:
        return max(1, round(minimum * rng.uniform(0.3, 0.9)))
    cover = CENTRAL_COVER_WEEKS if branch.is_central else DEPOT_COVER_WEEKS
    expected = demand * cover * rng.uniform(0.8, 1.2)
    return max(math.ceil(expected), maximum) + SAFETY_LINES * product.typical


def _levels(product, branch, demand):
    """Reordering point and order-up-to level."""
    lead_weeks = 2.0 if branch.is_central else 0.7
    minimum = math.ceil(demand * lead_weeks) + product.typical
    maximum = minimum + max(
        product.typical, math.ceil(demand * (3 if branch.is_central else 1.5))
    )
    return minimum, maximum


def plan_orderpoints(settings, products, branches):
    """Fast movers are replenished automatically, the rest on a planner's decision."""
    depots = len(branches) - 1
    result = []
    for product in products:
        for branch in branches:
            if not is_stocked(product, branch):
                continue
            demand = weekly_demand(product, branch, depots)
            minimum, maximum = _levels(product, branch, demand)
            result.append(
                PlannedOrderpoint(
                    product.index, branch.key, minimum, maximum, product.abc == "A"
                )
            )
    return tuple(result)
