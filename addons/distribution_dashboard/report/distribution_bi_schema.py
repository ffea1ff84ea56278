import hashlib

from odoo import api, models
from odoo.tools import SQL

from . import bi_views_documents, bi_views_network
from .bi_view import SCHEMA

VIEWS = (*bi_views_network.VIEWS, *bi_views_documents.VIEWS)
# Held while the views are made, so that two servers do not make them at once.
LOCK = 7_106_190


class DistributionBiSchema(models.AbstractModel):
    """The views for external BI: made on install, and again whenever they are not right."""

    _name = "distribution.bi.schema"
    _description = "Views for External BI"

    def _register_hook(self):
        super()._register_hook()
        self._ensure_views()

    @api.model
    def _ensure_views(self):
        """Make the views if one is missing, or is not as the code has it.

        An upgrade that changes the type of a column drops the views over it. This runs
        when all modules are loaded, and costs one query where nothing is to be done.
        """
        statements = [view.create_inner(self.env) for view in VIEWS]
        statements += [view.create_outer() for view in VIEWS]
        mark = self._mark(statements)
        if self._found() == (mark, len(statements)):
            return
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if self._found() == (mark, len(statements)):
            return
        self._drop_views()
        self.env.cr.execute(SQL("CREATE SCHEMA %s", SQL.identifier(SCHEMA)))
        for statement in statements:
            self.env.cr.execute(statement)
        for view in VIEWS:
            for statement in view.comments():
                self.env.cr.execute(statement)
        self.env.cr.execute(
            SQL("COMMENT ON SCHEMA %s IS %s", SQL.identifier(SCHEMA), mark)
        )
        # As superuser: rights that were given are given again, whoever starts the server.
        self.env["distribution.bi.reader"].sudo().search(
            [("active", "=", True)]
        )._grant()

    @api.model
    def _drop_views(self):
        """Drop the schema and the views beneath it."""
        self.env.cr.execute(
            SQL("DROP SCHEMA IF EXISTS %s CASCADE", SQL.identifier(SCHEMA))
        )
        for view in VIEWS:
            self.env.cr.execute(
                SQL("DROP VIEW IF EXISTS %s CASCADE", SQL.identifier(view.inner))
            )

    @api.model
    def _mark(self, statements):
        """Changes whenever a definition does."""
        text = "\n".join(
            self.env.cr.mogrify(x.code, x.params).decode() for x in statements
        )
        return f"Read-only views, version {hashlib.sha256(text.encode()).hexdigest()}"

    @api.model
    def _found(self):
        """(the mark, how many of the views there are)."""
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace
                         WHERE nspname = %(schema)s),
                       COUNT(*)
                  FROM pg_class view
                  JOIN pg_namespace space ON space.oid = view.relnamespace
                 WHERE view.relkind = 'v'
                   AND (space.nspname = %(schema)s AND view.relname = ANY(%(outer)s)
                        OR space.oid = current_schema::regnamespace
                        AND view.relname = ANY(%(inner)s))
                """,
                schema=SCHEMA,
                outer=[view.name for view in VIEWS],
                inner=[view.inner for view in VIEWS],
            )
        )
        return row

    @api.model
    def _as_markdown(self):
        """The chapters of docs/bi.md that describe the views."""
        return "\n\n".join(view.as_markdown() for view in VIEWS)
