from odoo import api, models
from odoo.tests import tagged

from odoo.addons.distribution_template.models.plan import Item, Ref

from .common import TemplateCase


class DoorSign(models.AbstractModel):
    """A part as another addon would add one: a contact for the door of the branch."""

    _name = "distribution.template.part.test"
    _description = "Door Sign"
    _inherit = ["distribution.template.part"]
    _module = None
    _part_sequence = 60

    @api.private
    def describe(self, target):
        """A contact below the address of the branch."""
        sign = target.branch.partner_id.child_ids.filtered(lambda p: p.ref == "DOOR")
        return [
            Item(
                key="door",
                label=f"Door of {target.name}",
                model="res.partner",
                record=sign[:1],
                values={"ref": "DOOR", "function": target.template.name},
                initial={"name": "Door", "type": "other", "parent_id": Ref("address")},
            )
        ]

    def _writable(self, records):
        """As superuser: an administrator of the network may not delete contacts."""
        return records.sudo()


@tagged("post_install", "-at_install")
class TestPartRegistry(TemplateCase):
    """An addon adds a part by a model alone, and gets all the rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_model(DoorSign)

    def test_parts_in_their_order(self):
        parts = self.env["distribution.template.engine"]._get_parts()
        self.assertEqual(
            [part._name.rsplit(".", 1)[1] for part in parts],
            ["branch", "location", "lane", "people", "replenishment", "test"],
        )

    def test_from_preview_to_undo(self):
        opening = self._prepare()
        lines = self._preview(opening)
        line = lines.filtered(lambda x: x.part == "Door Sign")
        self.assertEqual((line.name, line.action), ("Door of Depot EAS", "create"))
        before = self._all_counts()
        opening.action_apply()
        door = opening.branch_id.partner_id.child_ids
        self.assertEqual(door.ref, "DOOR")
        self.assertFalse(self._drift(opening.branch_id))
        door.function = "Closed"
        drift = self._drift(opening.branch_id)
        self.assertEqual(drift.part, "Door Sign")
        drift.action_reapply()
        self.assertEqual(door.function, "Depot")
        opening.action_undo()
        self.assertEqual(self._difference(before, self._all_counts()), {})
