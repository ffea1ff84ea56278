import json
import logging

from odoo.tests import tagged

from .common import TransferCase

_logger = logging.getLogger(__name__)

CLOSED = 100_000
OPEN = 300
LIMIT_MS = 300
# What the list of transfers shows, and how it is opened.
COLUMNS = ["name", "lane_id", "state", "departure_date", "arrival_date", "value"]
PAGE = 80


@tagged("post_install", "-at_install")
class TestTransferVolume(TransferCase):
    """Lists open at once, however many transfers are closed.

    The SQL that Odoo runs for a list is taken from its cursor and explained; the bound is
    on what the database needs for it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lanes = cls.lane_north | cls.lane_west
        lanes |= cls._open_lane(cls.north, cls.central)
        lanes |= cls._open_lane(cls.north, cls.west)
        cls.env.flush_all()
        cls._insert(CLOSED, "closed", lanes, "1 hour")
        for state in ("draft", "approved", "in_transit"):
            cls._insert(OPEN // 3, state, lanes, "3 minutes")
        for table in ("distribution_transfer", "distribution_transfer_line"):
            cls.env.cr.execute(f"ANALYZE {table}")
        cls.env.invalidate_all()

    @classmethod
    def _insert(cls, number, state, lanes, apart):
        """Transfers of one line each, so far apart in the past."""
        cls.env.cr.execute(
            """
            WITH lane AS (
                SELECT lane.*, ROW_NUMBER() OVER (ORDER BY id) - 1 AS number
                  FROM distribution_lane lane WHERE id IN %(lanes)s
            ), made AS (
                INSERT INTO distribution_transfer (
                    name, lane_id, company_id, source_branch_id, destination_branch_id,
                    user_id, reason, state, departure_date, arrival_date, left_date,
                    shipped_date, value, board_stage, create_date, write_date)
                SELECT 'V' || series, lane.id, lane.company_id, lane.source_branch_id,
                       lane.destination_branch_id, %(user)s, 'replenishment', %(state)s,
                       moment, moment + '1 hour'::interval, moment, moment, 100,
                       CASE %(state)s WHEN 'approved' THEN 'to_pick'
                                      WHEN 'in_transit' THEN 'on_road' END,
                       moment, moment
                  FROM GENERATE_SERIES(1, %(number)s) series
                  JOIN lane ON lane.number = series %% %(lane_count)s
                 CROSS JOIN LATERAL (
                    SELECT (NOW() AT TIME ZONE 'UTC' - series * %(apart)s::interval)
                           AS moment
                 ) dates
             RETURNING id, lane_id, company_id, source_branch_id,
                       destination_branch_id, state
            )
            INSERT INTO distribution_transfer_line (
                transfer_id, lane_id, company_id, source_branch_id,
                destination_branch_id, state, product_id, product_uom_id, requested_qty,
                in_transit_qty, short_qty)
            SELECT id, lane_id, company_id, source_branch_id, destination_branch_id, state,
                   %(product)s, %(unit)s, 10,
                   CASE state WHEN 'in_transit' THEN 10 ELSE 0 END, 0
              FROM made
            """,
            {
                "lanes": tuple(lanes.ids),
                "lane_count": len(lanes),
                "user": cls.olga.id,
                "state": state,
                "number": number,
                "apart": apart,
                "product": cls.bolt.id,
                "unit": cls.bolt.uom_id.id,
            },
        )

    def _explain(self, user, function, model="distribution.transfer"):
        """Run `function` of the model as `user`, and explain what it asked the database.

        :return: (milliseconds, tables that were read in full, what came of it)
        """
        records = self.env[model].with_user(user)
        records.has_access("read")
        function(records)  # warms caches, as a worker's are
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        cursor = self.env.cr
        execute = cursor.execute

        def listen(query, params=None, log_exceptions=True):
            result = execute(query, params, log_exceptions=log_exceptions)
            asked.append(cursor._obj.query.decode())
            return result

        self.patch(cursor, "execute", listen)
        result = function(records)
        self.patch(cursor, "execute", execute)
        elapsed, scanned = 0.0, set()
        for query in asked:
            if not query.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query.replace("%", "%%"), ())
            [[plan]] = cursor.fetchall()
            plan = plan if isinstance(plan, list) else json.loads(plan)
            elapsed += plan[0]["Execution Time"] + plan[0]["Planning Time"]
            scanned |= self._scanned(plan[0]["Plan"])
        return elapsed, scanned, result

    def _scanned(self, plan):
        tables = set()
        if plan["Node Type"] == "Seq Scan":
            tables.add(plan["Relation Name"])
        return tables.union(*(self._scanned(x) for x in plan.get("Plans", ())))

    def _open_list(self, *domain, **options):
        """How a list of transfers is opened, with its pager."""
        values = {"limit": PAGE, **options}

        def read(records):
            specification = {
                name: {"fields": {"display_name": {}}} if name == "lane_id" else {}
                for name in COLUMNS
            }
            return records.web_search_read(list(domain), specification, **values)[
                "records"
            ]

        return read

    def assertFast(self, name, user, function, indexed=False, **options):
        elapsed, scanned, result = self._explain(user, function, **options)
        self.assertTrue(elapsed, "nothing was asked")
        _logger.info("%s as %s: %.1f ms", name, user.login, elapsed)
        self.assertLess(elapsed, LIMIT_MS, name)
        if indexed:
            big = {"distribution_transfer", "distribution_transfer_line"}
            self.assertFalse(big & scanned, name)
        return result

    def test_the_list_of_all(self):
        for user in (self.paul, self.boss):
            found = self.assertFast("all", user, self._open_list())
            self.assertEqual(len(found), PAGE)

    def test_the_list_of_a_branch(self):
        for user in (self.olga, self.bea, self.wim, self.cora):
            found = self.assertFast("own branch", user, self._open_list())
            self.assertEqual(len(found), PAGE)

    def test_open_transfers(self):
        over = ("state", "not in", ("closed", "rejected", "cancelled"))
        for user in (self.paul, self.olga, self.cora):
            found = self.assertFast("open", user, self._open_list(over), indexed=True)
            self.assertEqual(len(found), PAGE)

    def test_late_transfers(self):
        for user in (self.paul, self.olga):
            found = self.assertFast(
                "late", user, self._open_list(("is_late", "=", True)), indexed=True
            )
            self.assertTrue(found)

    def test_my_transfers(self):
        mine = self._open_list(("user_id", "=", self.olga.id))
        self.assertFast("mine", self.olga, mine)
        mine = self._open_list(("user_id", "=", self.paul.id))
        self.assertFalse(self.assertFast("mine", self.paul, mine))

    def test_by_lane(self):
        def group(records):
            return records.formatted_read_group([], ["lane_id"], ["__count"])

        for user in (self.paul, self.olga):
            found = self.assertFast("by lane", user, group)
            self.assertGreater(sum(row["__count"] for row in found), CLOSED / 4)

    def test_goods_in_transit(self):
        def read(records):
            return records.web_search_read(
                [], {"quantity": {}, "value": {}}, limit=PAGE
            )

        for user in (self.paul, self.olga):
            found = self.assertFast(
                "in transit",
                user,
                read,
                indexed=user == self.paul,
                model="distribution.transit.report",
            )
            self.assertTrue(found["records"])

    def test_lanes_and_their_measured_time(self):
        def read(records):
            lanes = records.search([])
            return lanes.read(["measured_days", "late_transfer_count"])

        self.assertFast("lanes", self.paul, read, model="distribution.lane")
