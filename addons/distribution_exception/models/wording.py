"""Dates and money in what a rule found, as the reader writes them."""

import re

from odoo import fields
from odoo.tools import format_amount, format_date

# As queries write them: 2026-11-13, and USD 12.50.
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MONEY = re.compile(r"\b([A-Z]{3}) (-?\d+\.\d{2})\b")


def for_reader(env, text):
    """`text` with its dates and money in the language of the user."""

    def day(found):
        try:
            return format_date(env, fields.Date.to_date(found[0]))
        except ValueError:  # the reference of a document that looks like a date
            return found[0]

    def money(found):
        currency = _currencies(env).get(found[1])
        return format_amount(env, float(found[2]), currency) if currency else found[0]

    return MONEY.sub(money, DAY.sub(day, text or ""))


def _currencies(env):
    """Active currencies by name; the registry keeps them, so it costs no query."""
    known = env["res.currency"].get_all_currencies()
    return {
        values["name"]: env["res.currency"].browse(key) for key, values in known.items()
    }
