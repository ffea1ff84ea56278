from contextlib import contextmanager
from pathlib import Path
from unittest import skipUnless

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.sql import convert_column

from ..report.bi_view import SCHEMA
from ..report.distribution_bi_schema import VIEWS
from .common import BoardCase

DOCUMENT = Path(__file__).parents[3] / "docs" / "bi.md"
ROLE = "distribution_test_bi"


@tagged("post_install", "-at_install")
class TestBi(BoardCase):
    """External BI reads what its database role was given, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["distribution.bi.schema"]._ensure_views()

    def _reader(self, **values):
        return (
            self.env["distribution.bi.reader"]
            .with_user(self.boss)
            .create({"name": "Sales BI", "role": ROLE, **values})
        )

    def _count(self, view):
        return self._rows(f"SELECT COUNT(*) FROM {SCHEMA}.{view}")[0][0]

    def _rows(self, statement):
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

    def _create_role(self):
        """A database role of its own, where the server lets Odoo's make one."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env.cr.execute(f"CREATE ROLE {ROLE} LOGIN")
                self.env.cr.execute(f"GRANT {ROLE} TO CURRENT_USER")
        except psycopg2.errors.InsufficientPrivilege:
            self.skipTest("Odoo's database user may not create roles here.")

    @contextmanager
    def _as_reader(self):
        self.env.flush_all()
        self.env.cr.execute(f"SET ROLE {ROLE}")
        try:
            yield
        finally:
            self.env.cr.execute("RESET ROLE")

    def _refused(self, statement):
        """Whether the database refuses the statement for want of rights."""
        try:
            with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                self.env.cr.execute(statement)
        except psycopg2.errors.InsufficientPrivilege:
            return True
        return False

    def test_all_views_are_there_and_can_be_read(self):
        for view in VIEWS:
            self.assertEqual(self._count(view.name), 0, "not given to Odoo's own role")
            self._rows(f"SELECT * FROM {view.inner} LIMIT 1")

    def test_reader_sees_its_branches_only(self):
        self._create_role()
        self._order(self.north, 3)
        self._order(self.west, 4)
        self._trouble(self.north), self._trouble(self.west)
        self._measured(self.north, 90, days=1)
        self._measured(self.west, 60, days=1)
        self._supply(self.north, 5), self._supply(self.west, 5)
        self._reader(branch_ids=self.north.ids).action_grant()
        with self._as_reader():
            for view in ("order_line", "exception", "kpi_snapshot", "stock", "branch"):
                statement = f"SELECT DISTINCT branch_id FROM {SCHEMA}.{view}"
                self.assertEqual(self._rows(statement), [(self.north.id,)], view)
            self.assertGreater(self._count("kpi"), 10)

    def test_both_ends_see_a_transfer(self):
        self._create_role()
        self._supply(self.central, 20)
        self._replenish(self.lane_north, 5, product=self.bolt)
        self._replenish(self.lane_west, 5, product=self.bolt)
        self._reader(branch_ids=self.north.ids).action_grant()
        with self._as_reader():
            ends = self._rows(
                f"SELECT DISTINCT destination_branch_id FROM {SCHEMA}.transfer_line"
            )
        self.assertEqual(ends, [(self.north.id,)])

    def test_reader_of_every_branch_sees_the_company(self):
        self._create_role()
        self._order(self.north, 3)
        self._order(self.west, 4)
        reader = self._reader(every_branch=True, company_ids=self.company.ids)
        reader.action_grant()
        statement = f"SELECT DISTINCT branch_id FROM {SCHEMA}.order_line"
        with self._as_reader():
            found = {row[0] for row in self._rows(statement)}
        self.assertLessEqual({self.north.id, self.west.id}, found)
        reader.action_archive()
        self.assertEqual(reader.state, "waiting")

    def test_reader_reads_nothing_else_and_writes_nothing(self):
        self._create_role()
        reader = self._reader(branch_ids=self.north.ids)
        self.assertEqual(reader.state, "waiting")
        reader.action_grant()
        self.assertEqual(reader.state, "ready")
        with self._as_reader():
            for statement in (
                "SELECT * FROM res_users",
                "SELECT * FROM sale_order_line",
                "SELECT * FROM distribution_bi_order_line",
                "SELECT * FROM distribution_bi_reader",
                f"DELETE FROM {SCHEMA}.transfer",
                f"UPDATE {SCHEMA}.transfer SET name = 'x'",
                f"CREATE TABLE {SCHEMA}.mine (id integer)",
                "UPDATE distribution_bi_reader SET every_branch = TRUE",
            ):
                self.assertTrue(self._refused(statement), statement)

    def test_the_role_may_read_views_and_no_more(self):
        self._create_role()
        self._reader(branch_ids=self.north.ids).action_grant()
        rights = self._rows(
            SQL(
                """
                SELECT bool_and(has_table_privilege(%(role)s, view.oid, 'SELECT')),
                       bool_or(has_table_privilege(%(role)s, view.oid,
                               'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'))
                  FROM pg_class view
                 WHERE relnamespace = %(schema)s::regnamespace
                """,
                role=ROLE,
                schema=SCHEMA,
            )
        )
        self.assertEqual(rights, [(True, False)])
        readable = self._rows(
            SQL(
                """
                SELECT relname FROM pg_class
                 WHERE relnamespace = current_schema::regnamespace
                   AND relkind IN ('r', 'v', 'm')
                   AND has_table_privilege(%s, oid, 'SELECT')
                """,
                ROLE,
            )
        )
        self.assertEqual(readable, [], "nothing of Odoo's own")

    def test_without_a_reader_a_role_sees_nothing(self):
        self._create_role()
        self._order(self.north, 3)
        reader = self._reader(branch_ids=self.north.ids)
        reader.action_grant()
        reader.unlink()
        with self._as_reader():
            self.assertTrue(self._refused(f"SELECT * FROM {SCHEMA}.order_line"))

    def test_a_role_that_may_do_more_is_refused(self):
        [(own,)] = self._rows("SELECT current_user")
        with self.assertRaisesRegex(UserError, "may do more than read"):
            self._reader(role=own).action_grant()
        with self.assertRaisesRegex(ValidationError, "small letters"):
            self._reader(role='x"; DROP TABLE res_users; --')
        with self.assertRaisesRegex(ValidationError, "small letters"):
            self._reader(role="pg_read_all_data")
        for name in ("public", "none"):
            with self.assertRaisesRegex(ValidationError, "for itself"):
                self._reader(role=name)

    def test_a_role_that_may_become_more_is_refused(self):
        self._create_role()
        self.env.cr.execute("CREATE ROLE distribution_test_more CREATEROLE")
        self.env.cr.execute(f"GRANT distribution_test_more TO {ROLE}")
        with self.assertRaisesRegex(UserError, "may do more than read"):
            self._reader(branch_ids=self.north.ids).action_grant()

    def test_a_reader_makes_nothing_beside_the_tables(self):
        """What Odoo grants with each database; a function of theirs Odoo would run."""
        self._create_role()
        statement = (
            "CREATE FUNCTION {}(varchar) RETURNS integer AS 'SELECT 1' LANGUAGE sql"
        )
        self.env.cr.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        reader = self._reader(branch_ids=self.north.ids)
        reader.action_grant()
        with self._as_reader():
            self.assertTrue(self._refused(statement.format("public.length")))
        self.env.cr.execute(statement.format("distribution_test_own"))
        # A copy of the database begins as Odoo makes it.
        self.env.cr.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        self.env["distribution.bi.schema"]._drop_views()
        self.env["distribution.bi.schema"]._ensure_views()
        self.assertEqual(reader.state, "ready")
        with self._as_reader():
            self.assertTrue(self._refused(statement.format("public.length")))

    def test_a_role_that_makes_something_is_refused(self):
        self._create_role()
        self.env.cr.execute(f"GRANT CREATE ON SCHEMA public TO {ROLE}")
        reader = self._reader(branch_ids=self.north.ids)
        with self.assertRaisesRegex(UserError, "may make tables"):
            reader.action_grant()
        reader._grant()
        self.assertEqual(reader.state, "waiting")

    def test_archiving_takes_the_rights_however_it_is_said(self):
        self._create_role()
        reader = self._reader(branch_ids=self.north.ids)
        for no in (False, 0, None):
            reader.active = True
            reader.action_grant()
            reader.write({"active": no})
            self.assertEqual(reader.state, "waiting")

    def test_nobody_gives_rights_on_companies_of_others(self):
        other = self.env["res.company"].create({"name": "Another"})
        with self.assertRaises(AccessError):
            self._reader(every_branch=True, company_ids=other.ids)
        theirs = self.env["distribution.bi.reader"].create(
            {
                "name": "Theirs",
                "role": "distribution_test_theirs",
                "every_branch": True,
                "company_ids": other.ids,
            }
        )
        with self.assertRaisesRegex(ValidationError, "do not work"):
            theirs.with_user(self.boss).role = ROLE

    def test_missing_role_is_made_or_asked_for(self):
        reader = self._reader(role="distribution_test_missing")
        self.assertEqual(reader.state, "missing")
        [(may,)] = self._rows(
            "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if may:
            reader.action_grant()
            self.assertEqual(reader.state, "ready")
            return
        with (
            self.assertRaisesRegex(UserError, "CREATE ROLE distribution_test_missing"),
            mute_logger("odoo.sql_db"),
        ):
            reader.action_grant()

    def test_only_administrators_give_rights(self):
        reader = self._reader(branch_ids=self.north.ids)
        for user in (self.bea, self.fiona, self._new_user("auditor", "aude")):
            with self.assertRaises(AccessError):
                reader.with_user(user).action_grant()

    def test_views_are_in_the_way_of_no_upgrade(self):
        """Odoo drops the views before it changes a column, and they come back."""
        reader = self._reader(branch_ids=self.north.ids)
        Schema = self.env["distribution.bi.schema"]
        with mute_logger("odoo.sql_db"):
            convert_column(self.env.cr, "sale_order_line", "qty_invoiced", "float8")
        self.assertLess(Schema._found()[1], 2 * len(VIEWS))
        Schema._ensure_views()
        self.assertEqual(Schema._found()[1], 2 * len(VIEWS))
        self.assertEqual(self._count("order_line"), 0)
        self.assertTrue(reader)

    def test_nothing_is_done_where_nothing_is_to_be_done(self):
        with self.assertQueryCount(1):
            self.env["distribution.bi.schema"]._ensure_views()

    def test_columns_are_described_in_the_database(self):
        found = self._rows(
            SQL(
                "SELECT COUNT(*) FROM pg_attribute WHERE attrelid = %s::regclass "
                "AND attnum > 0 AND col_description(attrelid, attnum) IS NULL",
                f"{SCHEMA}.kpi_snapshot",
            )
        )
        self.assertEqual(found, [(0,)])

    @skipUnless(DOCUMENT.exists(), "The documentation is not beside the addons.")
    def test_document_says_what_the_views_are(self):
        text = self.env["distribution.bi.schema"]._as_markdown()
        self.assertIn(text, DOCUMENT.read_text())
