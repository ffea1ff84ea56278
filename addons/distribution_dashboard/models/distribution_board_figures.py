from odoo import api, models
from odoo.tools.misc import formatLang
from odoo.tools.translate import LazyTranslate

# Read outside of any environment, and translated when they are shown.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

STATUSES = {
    "good": _lt("On target"),
    "near": _lt("Close to target"),
    "bad": _lt("Misses target"),
    "none": _lt("No target"),
}
# {unit: (digits, what stands around the number)}
UNITS = {
    "percent": (1, _lt("%s %%")),
    "points": (1, _lt("%s points")),
    "days": (1, _lt("%s days")),
    "hours": (1, _lt("%s h")),
    "per_hour": (1, _lt("%s per hour")),
    "ratio": (2, _lt("%s")),
    "count": (0, _lt("%s")),
    "units": (0, _lt("%s units")),
}
MOST_POINTS = 90


class DistributionBoard(models.Model):
    """The figures of a board, in words and numbers."""

    _inherit = "distribution.board"

    def _figures(self, scope):
        """The figures within a scope, in the order of the board."""
        # As superuser: a board shows its figures to its roles, also to those who may not
        # read the dictionary; they are of the branches of the scope, which are the user's.
        kpis = self.sudo().figure_ids.kpi_id
        codes = kpis.mapped("code")
        if scope.is_empty:
            return [self._unknown(kpi) for kpi in kpis]
        found = kpis._figures(
            codes, scope.day_from, scope.day_to, branches=scope.chosen
        )
        return [self._figure(code, found[code]) for code in codes if code in found]

    def _unknown(self, kpi):
        """A figure of branches that the user may not see."""
        blank = {
            "value": None,
            "target": None,
            "previous": None,
            "status": "none",
            "trend": [],
            "unit": kpi.unit,
            "direction": kpi.direction,
            "name": kpi.name,
            "formula": kpi.formula,
            "state": "unavailable",
            "failure": self._outside(),
        }
        return self._figure(kpi.code, blank)

    def _figure(self, code, found):
        unit = found["unit"]
        value, target = found["value"], found["target"]
        failure = found["state"] != "ok" and (found["failure"] or self._no_reason())
        status = found["status"] if value is not None else "none"
        figure = {
            "code": code,
            "name": str(found["name"]),
            "formula": str(found["formula"] or ""),
            "value": value,
            "value_text": self._amount(value, unit),
            "target_text": target is not None and self._amount(target, unit) or "",
            "status": status,
            "status_text": self._word(STATUSES[status]) if target is not None else "",
            "trend": _thinned(found["trend"]),
            "failure": failure and str(failure) or "",
            **self._change(found),
        }
        figure["sentence"] = self._sentence(figure)
        return figure

    def _no_reason(self):
        return self.env._("The figure could not be computed.")

    def _change(self, found):
        """How the figure has moved since the period before, and whether that is good."""
        value, before = found["value"], found["previous"]
        if value is None or before is None:
            return {"change": "none", "arrow": "none", "change_text": ""}
        difference = value - before
        unit = "points" if found["unit"] == "percent" else found["unit"]
        text = self._amount(abs(difference), unit)
        if text == self._amount(0, unit):
            unchanged = self.env._("As in the period before")
            return {"change": "same", "arrow": "level", "change_text": unchanged}
        is_better = (difference > 0) == (found["direction"] == "up")
        words = (
            self.env._("%(amount)s better than before", amount=text)
            if is_better
            else self.env._("%(amount)s worse than before", amount=text)
        )
        return {
            "change": "better" if is_better else "worse",
            "arrow": "up" if difference > 0 else "down",
            "change_text": words,
        }

    def _amount(self, value, unit):
        """A number with its unit, in the user's language; a dash where there is none."""
        if value is None:
            return "—"
        if unit == "money":
            return self._money(value, self.env.company.currency_id)
        digits, around = UNITS[unit]
        return self._word(around) % formatLang(self.env, value, digits=digits)

    @api.model
    def _money(self, value, currency):
        """An amount in words; thousands are read without their cents."""
        if abs(value) < 1000:
            return currency.format(value)
        number = formatLang(self.env, value, digits=0)
        parts = [currency.symbol or currency.name, number]
        if currency.position != "before":
            parts.reverse()
        return "\N{NO-BREAK SPACE}".join(parts)

    def _sentence(self, figure):
        """What a screen reader says: the whole card in one sentence."""
        parts = [f"{figure['name']}: {figure['value_text']}"]
        if figure["failure"]:
            parts.append(figure["failure"])
        if figure["target_text"]:
            parts.append(self.env._("target %(target)s", target=figure["target_text"]))
            parts.append(figure["status_text"])
        if figure["change_text"]:
            parts.append(figure["change_text"])
        return ", ".join(parts)


def _thinned(points):
    """As many points as a small line can show: every n-th, and always the last."""
    points = [[str(day), value] for day, value in points if value is not None]
    step = -(-len(points) // MOST_POINTS) or 1
    return points[::-1][::step][::-1]
