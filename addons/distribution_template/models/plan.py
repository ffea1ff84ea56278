"""What the parts of a template and the engine say to each other."""

from dataclasses import dataclass, field
from typing import Any

CREATE, CHANGE, KEEP = "create", "change", "keep"


@dataclass(frozen=True)
class Ref:
    """Stands for the record of another item, which may not exist yet."""

    key: str


@dataclass(frozen=True)
class Add:
    """Records that must be among those of an x2many field; others may be there too."""

    values: tuple  # ids or Refs


@dataclass
class Item:
    """One record that must be there, and what it must be like.

    `values` are compared at any time; `initial` only matter when the record is created,
    and may be changed by anybody afterwards. Values are written as in `create()`, with
    a Ref in place of the id of a record of another item.
    """

    key: str
    label: str
    model: str
    record: Any = None
    values: dict = field(default_factory=dict)
    initial: dict = field(default_factory=dict)
    note: str = ""
    data: Any = None  # what a part keeps for itself


@dataclass
class Diff:
    """One field that is not as it must be, as values and as text."""

    field: str
    label: str
    value: Any
    old_text: str
    new_text: str


@dataclass
class SideEffect:
    """What Odoo does by itself when an item is created or changed."""

    action: str
    model: str
    label: str
    count: int = 1


@dataclass
class Change:
    """What must happen to one item."""

    part: Any
    item: Item
    action: str
    diffs: list = field(default_factory=list)
    summary: str = ""
    side_effects: list = field(default_factory=list)
    count: int = 1  # how many records it stands for

    @property
    def is_needed(self):
        """Whether anything is to be done."""
        return self.action != KEEP


@dataclass
class Target:
    """The branch a template is compared with: one that exists, or one to be opened."""

    env: Any
    template: Any
    company: Any
    branch: Any
    name: str
    code: str
    source_branch: Any
    initial: dict = field(default_factory=dict)  # of the branch
    address: dict = field(default_factory=dict)
    people: list = field(default_factory=list)  # (user, group, job name)
    records: dict = field(default_factory=dict)  # key of an item: its record
    labels: dict = field(default_factory=dict)  # key of an item: its label
    lanes: dict = field(default_factory=dict)  # line of the template: key of its item

    def branches_of_type(self, branch_type):
        """The open branches of a type in the company, without the target itself."""
        if "branches" not in self.__dict__:
            self.branches = self.env["distribution.branch"].search(
                [("company_id", "=", self.company.id)]
            )
        return (
            self.branches.filtered(lambda b: b.branch_type == branch_type) - self.branch
        )

    def resolve(self, value):
        """The id behind a Ref, or None while its record does not exist."""
        if not isinstance(value, Ref):
            return value
        record = self.records.get(value.key)
        return record.id if record else None
