"""Three months of business that make the books: contracts, fixed costs, what goes wrong.

The sizes are such that one story can be told of them, whatever the catalogue: the North
Depot sells much and costs little; the South Depot gives most of its margin away to a
harbour project, pays for a hall that is too large, and for express trucks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from .demand import SURELY_LOW, is_stocked
from .documents import PlannedLine, PlannedPurchase, PlannedSale
from .tools import next_workday, workday

# What goods are worth that have no bill, or no goods.
OPEN_VALUE = 350.0
# (segment, words in the names of customers who are of it)
SEGMENTS = (
    ("Machinery", ("Machine Works", "Engineering", "Steel", "Shipyard")),
    ("Food Industry", ("Foods", "Dairy", "Packaging")),
    ("Raw Materials", ("Paper Mill", "Quarries", "Joinery")),
    ("Public Works", ("Rail Services", "Water Works")),
    ("Project Contractors", ()),
)
CONTRACTORS = "Project Contractors"
CHANNEL_NAMES = {
    "inside": "Inside Sales",
    "counter": "Counter",
    "web": "Web Shop",
}


@dataclass(frozen=True)
class Contract:
    """What a customer calls off each month, at list price less `discount` percent."""

    branch: str
    customer: str
    segment: str
    amount: float
    discount: float
    day: int


CONTRACTS = (
    Contract("central", "Halden Pump Works", "Machinery", 24000.0, 6.0, 7),
    Contract("central", "Kolding Breweries", "Food Industry", 17000.0, 4.0, 14),
    Contract("north", "Norrvik Wind Turbines", "Machinery", 39000.0, 3.0, 8),
    Contract("north", "Elmsund Fish Canning", "Food Industry", 24000.0, 2.0, 15),
    Contract("west", "Westermoor Tractors", "Machinery", 22000.0, 5.0, 9),
    Contract("west", "Calderby Pulp", "Raw Materials", 15000.0, 4.0, 16),
    Contract("south", "Sundmark Harbour Project", CONTRACTORS, 29000.0, 29.0, 10),
    Contract("south", "Orreby Sugar", "Food Industry", 8500.0, 5.0, 13),
)
# The project pays late: how many days ago its small orders were delivered.
SLOW_CONTRACT = 6
SLOW_DELIVERIES = (30, 62, 82)
SLOW_AMOUNT = 1900.0
SLOW_TERM = 15
# Days by which the goods for the contracts of a branch come late.
LATE_RECEIPTS = {"west": 1}
# Who has not paid what was called off in the last full month.
SLOW_PAYERS = (0, SLOW_CONTRACT)
LINES = 2
ASSORTMENT = 24
# An invoice of the old ledger that nobody has paid: (contract, amount, days overdue when
# the books began).
OLD_RECEIVABLES = ((6, 2460.0, 34), (4, 780.0, 12))

# (key, account, section of the branch P&L, type)
ACCOUNTS = (
    ("rent", "Rent of Halls", "overhead", "expense"),
    ("wages", "Wages of Branches", "overhead", "expense"),
    ("energy", "Energy", "overhead", "expense"),
    ("insurance", "Insurance of Branches", "overhead", "expense"),
    ("shared", "IT and Head Office", "overhead", "expense"),
    ("goods", "Cost of Goods", "cost", "expense_direct_cost"),
    ("freight", "Carriers", "freight", "expense_direct_cost"),
    ("scrap", "Scrapped Goods", "loss", "expense"),
    ("payroll", "Wages and Taxes Due", False, "liability_current"),
)
# What each branch costs a month.
OVERHEADS = {
    "central": {"rent": 3900.0, "wages": 7200.0, "energy": 910.0, "insurance": 340.0},
    "north": {"rent": 1750.0, "wages": 5900.0, "energy": 430.0, "insurance": 180.0},
    "west": {"rent": 1900.0, "wages": 5400.0, "energy": 460.0, "insurance": 170.0},
    "south": {"rent": 6800.0, "wages": 6100.0, "energy": 1380.0, "insurance": 390.0},
}
# Of costs that all branches share: amount a month, and percent by branch.
SHARED_COSTS = 3600.0
SHARES = {"central": 40.0, "north": 25.0, "west": 20.0, "south": 15.0}
# What the trucks of a lane really cost, compared to the rule: express trucks to the south.
FREIGHT_FACTORS = {"south": 3.4}
FREIGHT_FACTOR = 1.05
# (branch, value, why): scrapped in each month.
SCRAPS = (
    ("south", 640.0, "Rust: stored under the leaking end of the hall"),
    ("west", 90.0, "Broken in the rack"),
)
# Left without a branch on purpose: (what for, amount, number of the month).
UNASSIGNED = (
    ("Audit of the half-year", 380.0, 2),
    ("Trade fair stand", 260.0, 2),
    ("Parking fine, plate unknown", 45.0, 2),
)


def contracts_of(branches):
    keys = {branch.key for branch in branches}
    return tuple(contract for contract in CONTRACTS if contract.branch in keys)


def plan_contract_sales(settings, products, branches):
    """What was called off in each month, and the small orders that are paid late.

    In the month of today as far as it has come.

    The customer of a sale is the index of its contract.
    """
    sales = []
    for contract in contracts_of(branches):
        index = CONTRACTS.index(contract)
        months = (*settings.months, settings.today.replace(day=1))
        for number, month in enumerate(months):
            goods = _goods(products, branches, 3 * index + number)
            day = next_workday(month + timedelta(days=contract.day - 1))
            if day >= settings.today:
                continue
            paid = number < 2 or (number == 2 and index not in SLOW_PAYERS)
            sales.append(_sale(contract, day, goods, contract.amount, paid))
        if index == SLOW_CONTRACT:
            for number, age in enumerate(SLOW_DELIVERIES):
                day = workday(settings.today - timedelta(days=age))
                goods = _goods(products, branches, 3 * index + number)
                sales.append(_sale(contract, day, goods, SLOW_AMOUNT, False))
    sales.sort(key=lambda sale: sale.ordered)
    return tuple(replace(sale, number=700 + n) for n, sale in enumerate(sales))


def _goods(products, branches, start):
    """Some of what every depot keeps, others for each order.

    Of what the counters sell least: large orders of what goes from lane to lane would leave
    nothing of it in the eyes of the policies.
    """
    depot = next((branch for branch in branches if not branch.is_central), branches[0])
    stocked = [product for product in products if is_stocked(product, depot)]
    stocked = sorted(stocked, key=lambda product: -product.rank)
    stocked = stocked[SURELY_LOW : SURELY_LOW + ASSORTMENT] or stocked
    return [stocked[(start * LINES + n) % len(stocked)] for n in range(LINES)]


def _sale(contract, delivered, goods, amount, is_paid):
    goods = list({product.index: product for product in goods}.values())
    share = amount / len(goods)
    ordered = datetime.combine(workday(delivered - timedelta(days=2)), time(8, 20))
    return PlannedSale(
        number=0,
        customer=CONTRACTS.index(contract),
        branch=contract.branch,
        stage="paid" if is_paid else "invoiced",
        ordered=ordered,
        promised=datetime.combine(delivered, time(15, 0)),
        delivered=datetime.combine(delivered, time(11, 30)),
        lines=tuple(
            PlannedLine(
                product.index,
                max(1, round(share / product.price)),
                product.price,
                contract.discount,
            )
            for product in goods
        ),
    )


def plan_contract_purchases(settings, products, branches, sales):
    """What was called off is bought for it, on the first days of the month."""
    needs = {}
    for sale in sales:
        month = sale.delivered.date().replace(day=1)
        if sale.delivered.date() <= _received(month):
            month = (month - timedelta(days=1)).replace(day=1)
        month = max(month, settings.months[0])
        need = needs.setdefault((month, sale.branch), {})
        for line in sale.lines:
            need[line.product] = need.get(line.product, 0) + line.quantity
    purchases = _plan_open_ends(settings, products, branches)
    for number, ((month, branch), need) in enumerate(sorted(needs.items())):
        ordered = datetime.combine(next_workday(month), time(7, 30))
        received = datetime.combine(_received(month), time(10, 0))
        purchases.append(
            PlannedPurchase(
                number=number,
                vendor=0,
                branch=branch,
                stage="billed",
                ordered=ordered,
                expected=received - timedelta(days=LATE_RECEIPTS.get(branch, 0)),
                received=received,
                lines=tuple(
                    PlannedLine(index, quantity, products[index].cost)
                    for index, quantity in need.items()
                ),
            )
        )
    return tuple(purchases)


def _received(month):
    """The day on which the goods of a month come."""
    return next_workday(month + timedelta(days=3))


def _plan_open_ends(settings, products, branches):
    """Of the last month: goods whose bill is missing, and a bill whose goods are."""
    month, branch = settings.months[-1], branches[-1].key
    product, other, *_rest = _goods(products, branches, 1)
    ordered = datetime.combine(next_workday(month + timedelta(days=16)), time(9, 0))
    received = next_workday(month + timedelta(days=20))
    received = datetime.combine(received, time(10, 0))
    values = {"vendor": 0, "branch": branch, "ordered": ordered}
    return [
        PlannedPurchase(
            number=900,
            stage="received",
            expected=received,
            received=received,
            lines=(_worth(product, OPEN_VALUE),),
            **values,
        ),
        PlannedPurchase(
            number=901,
            stage="open",
            expected=datetime.combine(settings.today + timedelta(days=9), time(9, 0)),
            received=None,
            lines=(_worth(other, OPEN_VALUE),),
            **values,
        ),
    ]


def _worth(product, value):
    quantity = max(1, round(value / product.cost))
    return PlannedLine(product.index, quantity, product.cost)
