import re

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..report.bi_view import SCHEMA

# A plain name, so that it needs no quotes in any tool.
ROLE = re.compile(r"(?!pg_|public$|none$)[a-z_][a-z0-9_]{0,62}")


class DistributionBiReader(models.Model):
    """A database role that reads the views for external BI, and of which branches.

    The rows that it sees follow this record at once; the button gives the role its rights
    on the views, and on nothing else.
    """

    _name = "distribution.bi.reader"
    _description = "Reader for External BI"
    _order = "name, id"

    name = fields.Char(
        required=True, help="What reads: the BI tool, the warehouse of data, the team."
    )
    active = fields.Boolean(
        default=True, help="An archived reader sees no row, and loses its rights."
    )
    role = fields.Char(
        string="Database Role",
        required=True,
        copy=False,
        help="Who it is in PostgreSQL: small letters, digits and underscores. Give the "
        "role its password there; the suite does not know it.",
    )
    company_ids = fields.Many2many(
        "res.company",
        "distribution_bi_reader_company",
        "reader_id",
        "company_id",
        string="Companies",
        default=lambda self: self.env.company,
        help="With every branch: the companies whose rows it sees.",
    )
    every_branch = fields.Boolean(
        help="It sees all rows of the companies, those without a branch too."
    )
    branch_ids = fields.Many2many(
        "distribution.branch",
        "distribution_bi_reader_branch",
        "reader_id",
        "branch_id",
        string="Branches",
        help="It sees the rows of these branches, and no others.",
    )
    state = fields.Selection(
        [
            ("missing", "No such role"),
            ("waiting", "Without rights"),
            ("ready", "Reads"),
        ],
        compute="_compute_state",
        help="Whether the role is in the database and may read the views.",
    )

    _role_unique = models.Constraint(
        "UNIQUE (role)", "Another reader has this database role already."
    )

    @api.depends("role", "active")
    def _compute_state(self):
        rights = self._rights()
        for reader in self:
            may_read = rights.get(reader.role)
            reader.state = {None: "missing", False: "waiting", True: "ready"}[may_read]

    @api.constrains("role")
    def _check_role(self):
        for reader in self:
            if not ROLE.fullmatch(reader.role or ""):
                raise ValidationError(
                    self.env._(
                        "%(role)s cannot be the database role of %(reader)s: use small "
                        "letters, digits and underscores. PostgreSQL keeps public, none, "
                        "and what begins with pg_ for itself.",
                        role=reader.role,
                        reader=reader.name,
                    )
                )

    @api.constrains("every_branch", "company_ids", "branch_ids")
    def _check_scope(self):
        for reader in self:
            if reader.every_branch and not reader.company_ids:
                raise ValidationError(
                    self.env._(
                        "Say of which companies %(reader)s sees every branch.",
                        reader=reader.name,
                    )
                )

    @api.constrains("role", "active", "every_branch", "company_ids", "branch_ids")
    def _check_companies(self):
        """Nobody gives a right on companies that are not his own."""
        if self.sudo(False).env.su:  # constraints are checked as superuser
            return
        for reader in self:
            companies = reader.company_ids | reader.branch_ids.company_id
            foreign = companies - self.env.user.company_ids
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(reader)s would see %(companies)s, where you do not work.",
                        reader=reader.name,
                        companies=", ".join(foreign.mapped("name")),
                    )
                )

    def write(self, vals):
        if "role" in vals or not vals.get("active", True):
            self._revoke()
        return super().write(vals)

    def unlink(self):
        self._revoke()
        return super().unlink()

    def action_grant(self):
        """Create the database role if it is missing, and let it read the views.

        :raises UserError: the role may do more than read, or may make something beside
            Odoo's tables, or Odoo's own database user may not create roles
        """
        self.check_access("write")
        for reader in self:
            reader._check_harmless()
        self._create_roles()
        self._grant()
        self._check_makes_nothing()
        return True

    def _check_harmless(self):
        """Refuse a role that is more than a reader: rights on views would be a disguise."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (  -- itself, and all that it may become by SET ROLE
                       SELECT FROM pg_roles other
                        WHERE pg_has_role(role.oid, other.oid, 'MEMBER')
                          AND (other.rolsuper OR other.rolbypassrls
                               OR other.rolcreaterole OR other.rolcreatedb
                               OR other.rolname = current_user
                               OR STARTS_WITH(other.rolname, 'pg_')))
                  FROM pg_roles role WHERE role.rolname = %s
                """,
                self.role,
            )
        )
        if rows and rows[0][0]:
            raise UserError(
                self.env._(
                    "Database role %(role)s may do more than read: it is an administrator "
                    "of the database, or Odoo's own. Choose a role for %(reader)s alone.",
                    role=self.role,
                    reader=self.name,
                )
            )

    def _create_roles(self):
        rights = self._rights()
        missing = [role for role in self.mapped("role") if role not in rights]
        try:
            with self.env.cr.savepoint():
                for role in missing:
                    self.env.cr.execute(
                        SQL(
                            "CREATE ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE "
                            "NOREPLICATION NOBYPASSRLS",
                            SQL.identifier(role),
                        )
                    )
        except psycopg2.errors.InsufficientPrivilege:
            raise UserError(
                self.env._(
                    "Odoo's database user may not create roles. Have the administrator of "
                    "the database run: %(statements)s Then press the button again.",
                    statements=" ".join(
                        f"CREATE ROLE {role} LOGIN;" for role in missing
                    ),
                )
            ) from None

    def _grant(self):
        """Let those roles that are there, and make nothing, read the views."""
        self._close_schema()
        readers = self - self._makers()
        readers._for_roles("GRANT USAGE ON SCHEMA %(schema)s TO %(roles)s")
        readers._for_roles(
            "GRANT SELECT ON ALL TABLES IN SCHEMA %(schema)s TO %(roles)s"
        )

    @api.model
    def _close_schema(self):
        """Let nobody make anything beside Odoo's tables, if that is Odoo's to say.

        Odoo lets every role do so in each database that it creates. A function there, of
        the name of one of PostgreSQL's own, is run by Odoo, with Odoo's rights.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT nspname FROM pg_namespace
                 WHERE nspname = current_schema AND pg_has_role(nspowner, 'USAGE')
                   AND has_schema_privilege('public', oid, 'CREATE')
                """
            )
        )
        for (schema,) in rows:  # one at most
            self.env.cr.execute(
                SQL("REVOKE CREATE ON SCHEMA %s FROM PUBLIC", SQL.identifier(schema))
            )

    def _makers(self):
        """Those whose role may make something beside Odoo's tables."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rolname FROM pg_roles
                 WHERE rolname = ANY(%s)
                   AND has_schema_privilege(oid, current_schema, 'CREATE')
                """,
                [role for role in self.mapped("role") if role],
            )
        )
        names = {name for (name,) in rows}
        return self.filtered(lambda reader: reader.role in names)

    def _check_makes_nothing(self):
        for reader in self._makers():
            raise UserError(
                self.env._(
                    "Database role %(role)s may make tables and functions beside Odoo's. "
                    "Have the administrator of the database run: REVOKE CREATE ON SCHEMA "
                    "public FROM PUBLIC, %(role)s; Then press the button again.",
                    role=reader.role,
                )
            )

    def _revoke(self):
        self._for_roles("REVOKE ALL ON ALL TABLES IN SCHEMA %(schema)s FROM %(roles)s")
        self._for_roles("REVOKE ALL ON SCHEMA %(schema)s FROM %(roles)s")

    def _for_roles(self, statement):
        self.invalidate_recordset(["state"])
        roles = sorted(self._rights())
        if roles:
            self.env.cr.execute(
                SQL(
                    statement,
                    schema=SQL.identifier(SCHEMA),
                    roles=SQL(", ").join(map(SQL.identifier, roles)),
                )
            )

    def _rights(self):
        """{role: whether it may read the views}, of those that are in the database."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT role.rolname, has_schema_privilege(role.oid, space.oid, 'USAGE')
                  FROM pg_roles role, pg_namespace space
                 WHERE role.rolname = ANY(%s) AND space.nspname = %s
                """,
                [role for role in self.mapped("role") if role],
                SCHEMA,
            )
        )
        return dict(rows)
