"""Size, seed and date of the reference case, and where they come from."""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta

MIN_SKUS = 10
MAX_SKUS = 50000
MIN_BRANCHES = 1
MAX_BRANCHES = 40
DEFAULT_SKUS = 300
DEFAULT_BRANCHES = 4
DEFAULT_SEED = 19


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and the cure."""


@dataclass(frozen=True)
class Settings:
    """What decides the reference case. The same settings give the same data.

    ``orders`` is the number of sales orders; when it is not given it grows slowly
    with the number of products, so that a large catalogue stays affordable.
    ``numbered_from`` is the number of the first barcode, for a database that has
    generated products already.
    """

    skus: int = DEFAULT_SKUS
    branches: int = DEFAULT_BRANCHES
    seed: int = DEFAULT_SEED
    today: date = field(default_factory=date.today)
    orders: int | None = None
    weeks: int = 6
    numbered_from: int = 1

    @property
    def months(self):
        """First days of the three full months before today, the oldest first.

        The books of these are complete; the month of today is under way.
        """
        first = self.today.replace(day=1)
        found = []
        for _number in range(3):
            first = (first - timedelta(days=1)).replace(day=1)
            found.insert(0, first)
        return tuple(found)

    def __post_init__(self):
        _check_range("The number of products", self.skus, MIN_SKUS, MAX_SKUS)
        _check_range(
            "The number of branches", self.branches, MIN_BRANCHES, MAX_BRANCHES
        )
        if self.orders is not None and self.orders < 0:
            raise SettingsError("The number of orders cannot be negative.")

    @classmethod
    def from_environ(cls, environ=None):
        """Read ``DISTRIBUTION_DEMO_SKUS``, ``_SEED`` and ``_DATE``."""
        environ = os.environ if environ is None else environ
        return cls(
            skus=_read_integer(environ, "DISTRIBUTION_DEMO_SKUS", DEFAULT_SKUS),
            seed=_read_integer(environ, "DISTRIBUTION_DEMO_SEED", DEFAULT_SEED),
            today=_read_date(environ, "DISTRIBUTION_DEMO_DATE"),
        )


def _check_range(what, value, lowest, highest):
    if not lowest <= value <= highest:
        raise SettingsError(
            f"{what} must be between {lowest} and {highest}, not {value}."
        )


def _read_integer(environ, name, default):
    text = (environ.get(name) or "").strip()
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, not {text!r}.") from None


def _read_date(environ, name):
    text = (environ.get(name) or "").strip()
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"{name} must be a date like 2026-03-31, not {text!r}."
        ) from None
