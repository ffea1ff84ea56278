"""Policies as plain values, so that a batch of documents is held against them in memory."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Band:
    """From `lower`, included, up to `upper`, excluded. `None` has no limit on that side."""

    id: int
    lower: float | None
    upper: float | None
    needs_decision: bool = True
    automation_ids: frozenset = frozenset()


@dataclass(frozen=True)
class Rule:
    """One measure of a document and the bands of its values, in ascending order."""

    id: int
    name: str
    measure: str
    bands: tuple
    currency_id: int | None = None
    conditions: tuple = ()
    line_conditions: tuple = ()
    # Why the rule cannot be applied as it stands, such as a currency without a rate.
    problem: str | None = None

    def band_of(self, value):
        """The band of `value`. Bands without gaps and overlaps have exactly one."""
        lowers = [float("-inf") if b.lower is None else b.lower for b in self.bands]
        band = self.bands[max(bisect_right(lowers, value) - 1, 0)]
        fits = (band.lower is None or value >= band.lower) and (
            band.upper is None or value < band.upper
        )
        return band if fits else None


@dataclass(frozen=True)
class Policy:
    """One version of a policy."""

    id: int
    domain: tuple
    rules: tuple
    date_from: object = None
    date_to: object = None
    conditions: tuple = ()

    def is_in_force(self, day):
        """Whether the policy holds on `day`."""
        return (not self.date_from or self.date_from <= day) and (
            not self.date_to or day <= self.date_to
        )


@dataclass(frozen=True)
class Finding:
    """A rule that applies to a document: the value, and the band it is in."""

    rule: Rule
    band: Band | None
    value: float | None
    problem: str | None = None

    @property
    def needs_decision(self):
        """Whether somebody has to decide."""
        return bool(self.problem) or self.band is None or self.band.needs_decision

    def to_json(self):
        """What a request keeps of it."""
        return {
            "rule": self.rule.id,
            "name": self.rule.name,
            "measure": self.rule.measure,
            "currency": self.rule.currency_id,
            "band": self.band.id if self.band else None,
            "lower": self.band.lower if self.band else None,
            "upper": self.band.upper if self.band else None,
            "value": self.value,
            "problem": self.problem,
        }


@dataclass(frozen=True)
class Evaluation:
    """What the policy that governs a document says of it."""

    policy: Policy | None = None
    findings: tuple = field(default_factory=tuple)

    @property
    def needed(self):
        """The findings for which somebody has to decide."""
        return [finding for finding in self.findings if finding.needs_decision]
