"""Vendors and industrial customers."""

from dataclasses import dataclass

from .network import FIRST_NAMES, LAST_NAMES, STREETS
from .tools import shares, stream

VENDOR_STEMS = (
    "Almgren Baltec Corvane Drexel Eisenhof Fenwick Gallio Hartmann Ilvesta Jorvik "
    "Kestrin Lomar Morav Nordhal Ostrava Pellman Quadrex Rautner Stahlberg Tessel "
    "Umbrel Valmont Westrick Xantor Ylander Zentrum Aldex Brunnhof Celtor Dunmar"
).split()
VENDOR_KINDS = ("Components", "Industries", "Manufacturing")
CUSTOMER_STEMS = (
    "Ashdown Brightwater Copperhill Dunmore Eastgate Fairholm Greyfell Highmoor "
    "Ironbridge Jutland Kingsholm Longfield Millbrook Northmere Oakhurst Pinewood "
    "Quarrydale Redcliff Silverton Thornbury Underhill Vastergard Whitmore Yarrow"
).split()
CUSTOMER_KINDS = (
    "Machine Works",
    "Foods",
    "Shipyard",
    "Paper Mill",
    "Packaging",
    "Engineering",
    "Dairy",
    "Quarries",
    "Steel",
    "Rail Services",
    "Water Works",
    "Joinery",
)
CENTRAL_WEIGHT = 20
DEPOT_WEIGHT = 27
PRICE_SPREAD = (0.97, 1.03)


@dataclass(frozen=True)
class PlannedPartner:
    """A vendor or a customer. ``weight`` is its share of the orders; ``branch`` the
    key of the branch that serves a customer."""

    index: int
    ref: str
    name: str
    contact: str
    street: str
    city: str
    zip: str
    branch: str
    weight: float
    lead_days: int = 0

    @property
    def email(self):
        return f"office@{self.ref.lower()}.example"


@dataclass(frozen=True)
class PlannedOffer:
    """What a vendor asks for a product; ``sequence`` 1 is the preferred vendor."""

    vendor: int
    product: int
    sequence: int
    price: float
    delay: int
    min_qty: int


def vendor_count(skus):
    return max(3, min(60, round(skus * 12 / 300)))


def customer_count(skus):
    return min(240, 36 + skus // 150)


def plan_vendors(settings):
    rng = stream(settings, "vendors")
    names = [f"{stem} {kind}" for stem in VENDOR_STEMS for kind in VENDOR_KINDS]
    rng.shuffle(names)
    cities = ("Port Reval", "Kaltenau", "Brennick", "Sant Orla", "Velden")
    return tuple(
        PlannedPartner(
            index=index,
            ref=f"V{index + 1:04d}",
            branch="",
            weight=1 / (index + 1) ** 0.6,
            lead_days=rng.choice((3, 5, 7, 7, 10, 14, 21)),
            **_address(rng, name, rng.choice(cities), "60"),
        )
        for index, name in enumerate(names[: vendor_count(settings.skus)])
    )


def plan_customers(settings, branches):
    rng = stream(settings, "customers")
    names = [f"{stem} {kind}" for stem in CUSTOMER_STEMS for kind in CUSTOMER_KINDS]
    rng.shuffle(names)
    weights = [CENTRAL_WEIGHT if b.is_central else DEPOT_WEIGHT for b in branches]
    total = max(customer_count(settings.skus), 3 * len(branches))
    customers = []
    for branch, count in zip(branches, shares(total, weights), strict=True):
        for rank in range(1, count + 1):
            index = len(customers)
            address = _address(
                rng, names[index], rng.choice(branch.towns), branch.zip[:2]
            )
            customers.append(
                PlannedPartner(
                    index=index,
                    ref=f"C{index + 1:04d}",
                    branch=branch.key,
                    weight=1 / rank**0.8,
                    **address,
                )
            )
    return tuple(customers)


def _address(rng, name, city, zip_stem):
    return {
        "name": name,
        "contact": f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
        "street": f"{rng.randrange(1, 180)} {rng.choice(STREETS)}",
        "city": city,
        "zip": f"{zip_stem}{rng.randrange(100, 999)}",
    }


def plan_offers(settings, products, vendors):
    """One offer for every product, a second, dearer and quicker one for some."""
    rng = stream(settings, "offers")
    weights = [vendor.weight for vendor in vendors]
    offers = []
    for product in products:
        first = rng.choices(vendors, weights)[0]
        offers.append(_offer(rng, first, product, 1, 1.0))
        if rng.random() < 0.25:
            second = vendors[(first.index + 1) % len(vendors)]
            offers.append(_offer(rng, second, product, 2, rng.uniform(1.03, 1.12)))
    return tuple(offers)


def _offer(rng, vendor, product, sequence, factor):
    delay = vendor.lead_days if sequence == 1 else max(2, vendor.lead_days // 2)
    return PlannedOffer(
        vendor=vendor.index,
        product=product.index,
        sequence=sequence,
        price=round(product.cost * factor, 2),
        delay=delay,
        min_qty=product.typical * rng.choice((0, 0, 1, 2)),
    )
