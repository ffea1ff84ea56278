from odoo import api, fields, models
from odoo.tools import SQL


class DistributionDutyBreach(models.Model):
    """Who holds both roles of an active pair of `distribution.duty.conflict`.

    Nothing is stored: the report is what the roles are now. Nothing is refused either:
    in a small company somebody has to do both, and this says who.
    """

    _name = "distribution.duty.breach"
    _description = "Role Conflict"
    _auto = False
    _order = "conflict_id, user_id"
    _depends = {
        "distribution.duty.conflict": [
            "active",
            "kind",
            "group_id",
            "other_group_id",
            "company_id",
        ],
        "res.groups": ["implied_ids", "user_ids"],
        "res.users": ["active", "share", "group_ids", "company_ids"],
    }

    user_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="An active internal user who holds both roles, given or implied.",
    )
    login = fields.Char(related="user_id.login")
    conflict_id = fields.Many2one(
        "distribution.duty.conflict", string="Pair", readonly=True
    )
    group_id = fields.Many2one("res.groups", string="Role", readonly=True)
    other_group_id = fields.Many2one("res.groups", string="Other Role", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        help="The company of the pair, which the user works in; empty where the pair is "
        "of every company.",
    )
    risk = fields.Text(related="conflict_id.risk")
    origin = fields.Char(
        string="Given By",
        compute="_compute_origin",
        help="The roles and groups given to the user that bring the two roles along.",
    )

    @property
    def _table_query(self):
        """One row a pair and user.

        The id is made of both, so that it names the same breach tomorrow. Every clause
        starts from the pairs, of which there are few, not from the users.
        """
        return SQL(
            """
            WITH RECURSIVE role_pair AS (
                SELECT id, group_id, other_group_id, company_id
                FROM distribution_duty_conflict
                WHERE kind = 'roles' AND active
            ),
            gives (role_id, group_id) AS (
                SELECT role_id, role_id
                FROM role_pair, unnest(ARRAY[group_id, other_group_id]) AS role_id
                UNION
                SELECT gives.role_id, implied.gid
                FROM gives
                JOIN res_groups_implied_rel implied ON implied.hid = gives.group_id
            ),
            holder AS (
                SELECT DISTINCT member.uid AS user_id, gives.role_id
                FROM gives
                JOIN res_groups_users_rel member ON member.gid = gives.group_id
            )
            SELECT
                role_pair.id::bigint * 4294967296 + usr.id AS id,
                usr.id AS user_id,
                role_pair.id AS conflict_id,
                role_pair.group_id,
                role_pair.other_group_id,
                role_pair.company_id
            FROM role_pair
            JOIN holder ON holder.role_id = role_pair.group_id
            JOIN holder other ON other.role_id = role_pair.other_group_id
                AND other.user_id = holder.user_id
            JOIN res_users usr ON usr.id = holder.user_id
            WHERE usr.active
                AND NOT usr.share
                AND (
                    role_pair.company_id IS NULL
                    OR EXISTS (
                        SELECT 1 FROM res_company_users_rel allowed
                        WHERE allowed.user_id = usr.id
                            AND allowed.cid = role_pair.company_id
                    )
                )
            """
        )

    @api.depends("user_id", "conflict_id")
    def _compute_display_name(self):
        for breach in self:
            breach.display_name = f"{breach.user_id.name}: {breach.conflict_id.name}"

    @api.depends("user_id", "group_id", "other_group_id")
    def _compute_origin(self):
        for breach in self:
            # Who reads the report may know where a role comes from.
            given = breach.sudo().user_id.group_ids
            roles = breach.sudo().group_id | breach.sudo().other_group_id  # as above
            breach.origin = ", ".join(
                group.name for group in given if roles & group.all_implied_ids
            )
