from datetime import datetime, timedelta
from unittest import SkipTest
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import SaleExceptionCase

NOON = datetime(2026, 3, 4, 12)


@tagged("post_install", "-at_install")
class TestNotices(SaleExceptionCase):
    """The customer gets one message about an order, with the new dates of its lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "distribution.exception.notice" not in cls.env:
            raise SkipTest("Nobody is told of exceptions here.")
        cls.startClassPatcher(freeze_time(NOON))
        cls.now = NOON
        cls.company.partner_id.tz = "UTC"
        cls.company.write({"notice_quiet_from": 20, "notice_quiet_to": 7})
        cls.template = cls.env.ref(
            "distribution_exception_sale.mail_template_order_late"
        )
        cls.rules = cls._rule("sale_late") + cls._rule("sale_partial")
        cls.rules.write(
            {"notify_customer": True, "notice_template_id": cls.template.id}
        )

    def _run(self):
        """Sweep, run the job; the messages that it made."""
        self.rules.action_sweep()
        before = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        commit = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=100
        )
        with commit:
            self.env["distribution.exception.notice"]._cron_send()
        return self.env["mail.mail"].search(
            [("id", ">", before), ("model", "=", "sale.order")]
        )

    def test_one_message_for_an_order(self):
        line = self._sell(5, days=2)
        order = line.order_id.sudo()
        order.write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": self.bolt.id, "product_uom_qty": quantity}
                    )
                    for quantity in (7, 9)
                ]
            }
        )
        receipt = self._receive_later(50, days=6)
        mail = self._run()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.res_id, order.id)
        for text in ("5 Units", "7 Units", "9 Units", "03/10/2026"):
            self.assertIn(text, mail.body_html)
        self.assertFalse(self._run(), "once")
        receipt.date = NOON + timedelta(days=9)
        self.assertIn("03/13/2026", self._run().body_html)

    def test_day_and_quantity_as_people_write_them(self):
        """Without a time zone of the customer the day is that of the company."""
        self.customer.tz = False
        self.company.partner_id.tz = "Pacific/Auckland"
        line = self._sell(2500000.5, days=2)
        self._receive_later(2500001, days=6)
        self._look(self.rules[0])
        [late] = line.order_id.with_context(lang="en_US", tz="UTC")._late_lines()
        self.assertEqual(late["open"], "2500000.5 Units")
        self.assertEqual(late["expected"], "03/11/2026")

    def test_late_and_partial_at_once(self):
        """Two rules find the same line: it is told once."""
        self._count(3)
        line = self._sell(5, days=1)
        self._receive_later(5, days=6)
        self.assertEqual(len(self._run()), 1)
        self.assertEqual(len(line.order_id.sudo().message_ids.mail_ids), 1)

    def test_what_comes_in_part_and_in_time_is_no_news(self):
        self._count(3)
        line = self._sell(5, days=2)
        receipt = self._receive_later(5, days=1)
        self.assertFalse(self._run())
        self.assertIn(line, self._look(self.rules[1]), "reserved in part")
        receipt.date = NOON + timedelta(days=4)
        self.assertEqual(len(self._run()), 1)

    def test_in_time_again(self):
        self._sell(5, days=10)
        receipt = self._receive_later(5, days=12)
        receipt.date = NOON + timedelta(days=5)
        self.assertFalse(self._run())
