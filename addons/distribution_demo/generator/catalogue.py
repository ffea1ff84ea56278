"""Categories and products: names, codes, barcodes, prices, demand class."""

from dataclasses import dataclass

from .catalogue_mechanical import MECHANICAL
from .catalogue_supplies import SUPPLIES
from .tools import ean13, shares, stream

CATEGORIES = MECHANICAL + SUPPLIES
ZIPF = 1.0
A_SHARE = 0.20
B_SHARE = 0.50
# Dearest word combinations would otherwise cost more than a machine.
HIGHEST_COST = 900.0


@dataclass(frozen=True)
class PlannedCategory:
    code: str
    name: str
    cost_method: str
    valuation: str


@dataclass(frozen=True)
class PlannedProduct:
    """One product. ``demand`` is the expected sale of the whole network, in units
    a week; ``typical`` the usual quantity of one order line."""

    index: int
    code: str
    name: str
    barcode: str
    category: str
    cost: float
    price: float
    weight: float
    typical: int
    rank: int
    abc: str
    demand: float


def plan_categories():
    return tuple(
        PlannedCategory(spec.code, spec.name, spec.cost_method, spec.valuation)
        for spec in CATEGORIES
    )


def plan_products(settings):
    rng = stream(settings, "catalogue")
    drafts = []
    for spec, count in zip(
        CATEGORIES,
        shares(settings.skus, [spec.share for spec in CATEGORIES]),
        strict=True,
    ):
        drafts += _draft_category(rng, spec, count)
    ranks = list(range(1, len(drafts) + 1))
    rng.shuffle(ranks)
    lines = demand_lines_per_week(settings)
    scale = lines / sum(1 / rank**ZIPF for rank in ranks)
    return tuple(
        _finish(settings, index, draft, rank, scale)
        for index, (draft, rank) in enumerate(zip(drafts, ranks, strict=True))
    )


def demand_lines_per_week(settings):
    """Order lines a week over the network, for the planned levels of stock."""
    return 250 + 0.4 * settings.skus


def _draft_category(rng, spec, count):
    drafts = []
    for family, quota in zip(spec.families, _family_quotas(spec, count), strict=True):
        for number, index in enumerate(sorted(rng.sample(range(family.size), quota))):
            drafts.append(_draft(rng, spec, family, number + 1, index))
    return drafts


def _family_quotas(spec, count):
    """Share ``count`` evenly; what a small family cannot fill goes to the others."""
    sizes = [family.size for family in spec.families]
    if count > sum(sizes):
        raise ValueError(f"Category {spec.name} has words for {sum(sizes)} products.")
    quotas = [0] * len(sizes)
    while sum(quotas) < count:
        room = [
            1 if quota < size else 0 for quota, size in zip(quotas, sizes, strict=True)
        ]
        extra = shares(count - sum(quotas), room)
        quotas = [
            min(size, quota + more)
            for quota, more, size in zip(quotas, extra, sizes, strict=True)
        ]
    return quotas


def _draft(rng, spec, family, number, index):
    words, factor = _words_at(family, index)
    cost = min(family.cost * factor * rng.uniform(0.9, 1.1), HIGHEST_COST)
    margin = rng.uniform(*spec.margin)
    return {
        "code": f"{spec.code}-{family.code}-{number:04d}",
        "name": family.sentence.format(*words),
        "category": spec.code,
        "cost": round(cost, 2),
        "price": round(cost / (1 - margin), 2),
        "weight": round(family.weight * factor**0.5, 3),
        "typical": max(1, round(family.typical / factor**0.35)),
    }


def _words_at(family, index):
    words, factor = [], 1.0
    for choices, growth in zip(
        reversed(family.words), reversed(family.growth), strict=True
    ):
        index, position = divmod(index, len(choices))
        words.append(choices[position])
        factor *= 1 + growth * position
    return words[::-1], factor


def _finish(settings, index, draft, rank, scale):
    return PlannedProduct(
        index=index,
        barcode=ean13(settings.numbered_from + index),
        rank=rank,
        abc=_abc(rank / settings.skus),
        demand=draft["typical"] * scale / rank**ZIPF,
        **draft,
    )


def _abc(place):
    if place <= A_SHARE:
        return "A"
    return "B" if place <= B_SHARE else "C"
