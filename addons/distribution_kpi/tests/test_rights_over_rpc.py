from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.distribution_base.tests.rpc import Json2Mixin

from .common import KpiCase
from .fake import FakeKpisMixin, fake_kpi


@tagged("post_install", "-at_install")
class TestKpiRightsOverRpc(Json2Mixin, FakeKpisMixin, KpiCase, HttpCase):
    """The same questions through the door of an integration."""

    # What an ill-meaning client would try.
    _forged_context = {"distribution_evidence_writer": True, "bin_size": True}

    def setUp(self):
        super().setUp()
        # Who may export is asked for elsewhere; here it is what.
        self.bea.group_ids |= self.env.ref("base.group_allow_export")
        self._define(fake_kpi("rate"))
        self._add_facts("rate", 0, self.north, 1, 2)
        self._add_facts("rate", 0, self.west, 3, 4)
        self._take(0, "rate")
        self.row = self._rows("rate", 0).filtered(lambda r: r.branch_id == self.west)
        self.env.flush_all()

    def test_manager_reads_own_branch(self):
        domain = [["kpi_id.code", "=", "rate"]]
        reply = self._json_2(
            self.bea,
            "distribution.kpi.snapshot",
            "search_read",
            domain=domain,
            fields=["numerator"],
        )
        self.assertEqual([row["numerator"] for row in reply.json()], [1])
        reply = self._json_2(
            self.bea,
            "distribution.kpi.snapshot",
            "formatted_read_group",
            domain=domain,
            groupby=["branch_id"],
            aggregates=["value:avg", "numerator:sum"],
        )
        self.assertEqual([group["numerator:sum"] for group in reply.json()], [1])
        for method, arguments in (
            ("read", {"fields": ["value"]}),
            ("export_data", {"fields_to_export": ["value"]}),
            ("action_open_items", {}),
        ):
            reply = self._json_2(
                self.bea, self.row._name, method, self.row.ids, **arguments
            )
            self.assertEqual(reply.status_code, 403, method)

    def test_items_of_own_branch(self):
        day = str(self._day(0))
        context = {"kpi_code": "rate", "kpi_from": day, "kpi_to": day}
        reply = self._json_2(
            self.bea,
            "distribution.kpi.item",
            "search_read",
            context=context,
            domain=[],
            fields=["label", "numerator"],
        )
        self.assertEqual([row["label"] for row in reply.json()], ["North"])

    def test_operator_reads_nothing(self):
        for model in ("distribution.kpi", "distribution.kpi.snapshot"):
            reply = self._json_2(self.olga, model, "search_read", domain=[])
            self.assertEqual(reply.status_code, 403)

    def test_nobody_writes_figures(self):
        for user in (self.bea, self.boss, self.fiona):
            for record in (self.row, self.row.run_id, self.row.version_id):
                for method, arguments in (
                    ("write", {"vals": {"kpi_id": self._kpi("line_fill_rate").id}}),
                    ("unlink", {}),
                    ("copy", {}),
                ):
                    with mute_logger("odoo.addons.base.models.ir_model"):
                        reply = self._json_2(
                            user, record._name, method, record.ids, **arguments
                        )
                    self.assertEqual(reply.status_code, 403, (record, method))
        for method in ("_take_snapshots", "_sync_dictionary", "_restate", "_measure"):
            reply = self._json_2(self.boss, "distribution.kpi", method)
            self.assertIn(reply.status_code, (403, 404, 422), method)
