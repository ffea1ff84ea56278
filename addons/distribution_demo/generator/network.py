"""Regions, branches and the people who work there."""

from dataclasses import dataclass

from .tools import stream

COMPANY = "Halden Industrial Supply"
NETWORK_REGION = ("NET", "Halden Network")
MAIL_DOMAIN = "demo.example"
PASSWORD = "demo"  # noqa: S105 - the published password of a demonstration

# (key, branch code, region, main town, towns of its customers, postcode)
AREAS = (
    ("north", "NOR", "North", "Norrvik", ("Norrvik", "Elmsund", "Tarnby"), "1"),
    ("west", "WES", "West", "Westermoor", ("Westermoor", "Calderby", "Ashholt"), "3"),
    ("south", "SOU", "South", "Sundmark", ("Sundmark", "Lindau Bay", "Orreby"), "5"),
    ("east", "EAS", "East", "Ostfield", ("Ostfield", "Grenna Hill", "Marstead"), "7"),
    ("lakes", "LAK", "Lakeland", "Lakenberg", ("Lakenberg", "Tarn", "Mereby"), "8"),
    ("coast", "COA", "Coast", "Havenmouth", ("Havenmouth", "Skerry", "Dunby"), "9"),
)
CENTRAL = ("central", "CEN", "Centre", "Halden", ("Halden", "Midbury", "Kolding"), "2")

STREETS = (
    "Harbour Road",
    "Foundry Lane",
    "Station Street",
    "Mill Road",
    "Quarry Way",
    "Canal Street",
    "Forge Street",
    "Depot Road",
    "Gasworks Lane",
    "Timber Quay",
)
FIRST_NAMES = (
    "Anna Bram Carla Dario Elin Felix Greta Hugo Ines Jonas Karin Lars Mira Nils Olga "
    "Pavel Rosa Stefan Tilda Viktor Wanda Yannis Zora Emil Freya Ivan Lena Oskar Petra "
    "Simon"
).split()
LAST_NAMES = (
    "Alder Brandt Castell Dahl Ekholm Farrow Gruber Hallam Iversen Jansky Keller "
    "Lindqvist Moreau Nyberg Oakes Persson Quist Rasmus Sandoval Thorne Ulrich Varga "
    "Whitlow Yates Zeller Ashby Birch Cole Drummond Ever"
).split()

BRANCH_ROLES = (
    ("operator", "branch_operator", "Counter"),
    ("manager", "branch_manager", "Branch Manager"),
)
NETWORK_ROLES = (
    ("planner", "network_planner"),
    ("buyer", "central_buyer"),
    ("finance", "finance_controller"),
    ("auditor", "auditor"),
    ("administrator", "administrator"),
)


@dataclass(frozen=True)
class PlannedRegion:
    code: str
    name: str
    parent: str | None
    manager: str | None  # key of a user


@dataclass(frozen=True)
class PlannedBranch:
    key: str
    code: str
    name: str
    region: str
    is_central: bool
    city: str
    zip: str
    street: str
    towns: tuple


@dataclass(frozen=True)
class PlannedUser:
    """One person; ``branches`` are the keys of the branches they belong to."""

    key: str
    name: str
    role: str
    branches: tuple

    @property
    def login(self):
        return f"{self.key}@{MAIL_DOMAIN}"


def plan_branches(settings):
    areas = [_area(number) for number in range(settings.branches - 1)]
    rng = stream(settings, "network")
    return tuple(
        PlannedBranch(
            key=key,
            code=code,
            name="Central Warehouse" if key == "central" else f"{region} Depot",
            region=code,
            is_central=key == "central",
            city=city,
            zip=f"{postcode}{rng.randrange(100, 999)}0",
            street=f"{rng.randrange(1, 90)} {rng.choice(STREETS)}",
            towns=towns,
        )
        for key, code, region, city, towns, postcode in [CENTRAL, *areas]
    )


def _area(number):
    """The named areas first; a larger network goes on with numbered districts."""
    if number < len(AREAS):
        return AREAS[number]
    key, name = f"d{number + 1:02d}", f"District {number + 1}"
    return (key, key.upper(), name, f"{name} Town", (f"{name} Town",), "4")


def plan_regions(branches):
    code, name = NETWORK_REGION
    regions = [PlannedRegion(code, name, None, None)]
    for branch in branches:
        label = "Centre" if branch.is_central else branch.name.removesuffix(" Depot")
        manager = None if branch.is_central else f"regional.{branch.key}"
        regions.append(PlannedRegion(branch.region, label, code, manager))
    return tuple(regions)


def plan_users(settings, branches):
    names = _people(stream(settings, "people"))
    users = []
    for branch in branches:
        for stem, role, _title in BRANCH_ROLES:
            users.append(_user(f"{stem}.{branch.key}", names, role, (branch.key,)))
        if branch.is_central:
            users.append(
                _user("picker.central", names, "branch_operator", ("central",))
            )
        else:
            users.append(_user(f"regional.{branch.key}", names, "regional_manager", ()))
    for stem, role in NETWORK_ROLES:
        users.append(_user(stem, names, role, ()))
    return tuple(users)


def _user(key, names, role, branches):
    return PlannedUser(key, next(names), role, branches)


def _people(rng):
    """Every full name once, in a shuffled order."""
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    rng.shuffle(names)
    return iter(names)
