from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ExceptionCase


@tagged("post_install", "-at_install")
class TestRecheck(ExceptionCase):
    """What changes is looked at right after the commit, elsewhere."""

    def setUp(self):
        super().setUp()
        self.rule = self._rule()
        self._sweep(self.rule)
        self.waiting = self.env["distribution.exception.recheck"]
        self.env.cr.execute("DELETE FROM distribution_exception_recheck")

    def _ask(self, partners):
        self.env["distribution.exception"]._recheck("res.partner", partners.ids)

    def test_the_transaction_pays_one_statement(self):
        self._ask(self.partners[:1])  # warm
        self.env.cr.precommit.run()
        with self.assertQueryCount(1):
            self._ask(self.partners)
            self._ask(self.partners[:2])
            self.env.cr.precommit.run()
        self.waiting.invalidate_model()
        self.assertEqual(len(self.waiting.search([])), 6)

    def test_nobody_pays_for_what_no_rule_watches(self):
        exceptions = self.env["distribution.exception"]
        exceptions._recheck("res.bank", [1])  # warm
        with self.assertQueryCount(0):
            exceptions._recheck("res.bank", [1])
            self.env.cr.precommit.run()

    def test_it_wakes_the_job(self):
        cron = self.env.ref("distribution_exception.ir_cron_recheck")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._ask(self.partners)
        self.env.cr.precommit.run()
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            triggers + 1,
        )

    def test_the_job_looks_and_empties_the_list(self):
        found = self._found(self.rule)
        self.partners[:2].ref = False
        self._ask(self.partners)
        self.env.cr.precommit.run()
        self.assertEqual(self.waiting._take_batch(), 5)
        self.assertEqual(
            [found[partner].state for partner in self.partners],
            ["closed", "closed", "open", "open", "open"],
        )
        self.assertFalse(self.waiting.search([]))

    def test_a_recheck_costs_less_than_twenty_queries(self):
        """With one rule of code; its number does not grow with the records."""
        rule = self.env.ref("distribution_exception.distribution_exception_rule_failed")
        rules = self.rule.search([])
        rule._detect(ids=rules[:1].ids)
        self.env.flush_all()
        counts = []
        for ids in (rules[:1].ids, rules.ids):
            with self._counting(counts):
                rule._detect(ids=ids)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 4)

    @contextmanager
    def _counting(self, counts):
        before = self.env.cr.sql_log_count
        yield
        counts.append(self.env.cr.sql_log_count - before)

    def test_records_that_are_gone_close(self):
        gone = self._found(self.rule)[self.partners[0]]
        ids = self.partners[:1].ids
        self.partners[0].unlink()
        self.env["distribution.exception"]._recheck("res.partner", ids)
        self.env.cr.precommit.run()
        self.waiting._take_batch()
        self.assertEqual(gone.state, "closed")

    def test_clients_cannot_reach_the_list(self):
        with self.assertRaises(AccessError):
            self.waiting.with_user(self.olga).search([])
        with self.assertRaises(AccessError):
            self.waiting.with_user(self.ada).create({"res_model": "x", "res_id": 1})
