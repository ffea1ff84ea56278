"""Small pure helpers: barcodes, random streams, working days."""

import random
from datetime import datetime, time, timedelta

# 299 lies in the range that the EAN standard keeps for use inside one company, and no
# rule of Odoo's default barcode nomenclature claims it.
EAN_PREFIX = "299"


def ean13_check_digit(digits):
    """Return the check digit for the first twelve digits of an EAN-13."""
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
    return str(-total % 10)


def ean13(number):
    digits = f"{EAN_PREFIX}{number:09d}"
    return digits + ean13_check_digit(digits)


def stream(settings, theme):
    """Return the random stream of one theme.

    Each theme has its own, so that one more order does not change the products.
    """
    return random.Random(f"{settings.seed}/{theme}")


def workday(day):
    """Return ``day``, or the Friday before it when it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def next_workday(day):
    """Return ``day``, or the Monday after it when it falls on a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def at(day, rng, first=7, last=15):
    """Return a moment of the working day ``day`` (stored dates are UTC)."""
    return datetime.combine(day, time(rng.randint(first, last), rng.randrange(0, 60)))


def shares(total, weights):
    """Split ``total`` by ``weights`` into whole numbers that add up to it."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    result = [int(value) for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (result[i] - exact[i], i))
    for i in by_rest[: total - sum(result)]:
        result[i] += 1
    return result
