from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .board_defaults import FIGURES


class DistributionBoard(models.Model):
    """What a role looks at first: some figures, and what to do about them.

    Its figures are read in `distribution_board_figures.py`, its exceptions in
    `distribution_board_exceptions.py`, branches and days in
    `distribution_board_filters.py`.
    """

    _name = "distribution.board"
    _description = "Board"
    _order = "sequence, id"

    name = fields.Char(
        required=True, translate=True, help="What the board is called: its role."
    )
    code = fields.Char(
        required=True,
        help="Stands in the address of the control tower, so links stay good when the "
        "name changes.",
    )
    question = fields.Char(
        required=True,
        translate=True,
        help="The one decision that the board helps with, as a question.",
    )
    sequence = fields.Integer(
        default=10, help="A user who may open several boards begins with the first."
    )
    active = fields.Boolean(
        default=True, help="An archived board is not offered to anybody."
    )
    group_ids = fields.Many2many(
        "res.groups",
        "distribution_board_group_rel",
        "board_id",
        "group_id",
        string="Roles",
        help="Who may open the board. Auditors and administrators open all of them.",
    )
    figure_ids = fields.One2many(
        "distribution.board.figure",
        "board_id",
        string="Figures",
        copy=True,
        help="At most seven, in this order.",
    )
    rule_ids = fields.Many2many(
        "distribution.exception.rule",
        string="Only These Rules",
        help="The board lists exceptions of these rules alone. Left empty, the fields "
        "below choose.",
    )
    rule_role_ids = fields.Many2many(
        "res.groups",
        "distribution_board_rule_role_rel",
        "board_id",
        "group_id",
        string="Rules of Roles",
        help="The board lists exceptions that are shown to these roles. Left empty: to "
        "any role.",
    )
    model_ids = fields.Many2many(
        "ir.model",
        string="About",
        help="The board lists exceptions about these kinds of records. Left empty: "
        "about any.",
    )
    severity_from = fields.Selection(
        selection=lambda self: self._severities(),
        string="From Severity",
        required=True,
        default="0",
        help="Exceptions of rules that weigh less are left out.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is a board with this code already."
    )

    @api.model
    def _severities(self):
        return self.env["distribution.exception.rule"]._fields["severity"].selection

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for board, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", board.name)
            vals["code"] = f"{board.code}-copy"
        return vals_list

    def action_open_board(self):
        """Open the board in the control tower.

        :return: the client action, which begins with this board
        """
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "distribution_dashboard.control_tower_action"
        )
        action["context"] = {"board": self.code}
        return action

    @api.model
    @api.readonly
    def get_board(self, code=False, filters=None):
        """A whole board in one answer, as the user may see it.

        :param code: the board; without it the first that the user may open
        :param dict filters: `region` and `branch` (ids), `period` (a key of `periods`),
            `date_from` and `date_to` (days, for the period `custom`), `limit` (how many
            exceptions)
        :return: `board`, `boards`, `filters` (as they were understood), `regions`,
            `branches`, `periods`, `figures`, `exceptions`; `board` is false where no board
            is meant for the user
        :raises AccessError: the board is not meant for the user
        :raises UserError: the days make no period
        """
        boards = self._boards()
        board = self._chosen(boards, code)
        scope = self._scope(filters)
        answer = {
            "board": False,
            "boards": [{"code": item.code, "name": item.name} for item in boards],
            "can_configure": self.has_access("write"),
            "can_drill": self.env["distribution.kpi.item"].has_access("read"),
            "periods": self._periods(),
            "readonly": not self._may_act(),
            **scope.choices(),
        }
        if board:
            answer.update(
                board=board._described(),
                figures=board._figures(scope),
                exceptions=board._exceptions(scope, limit=scope.limit),
            )
        return answer

    @api.model
    @api.readonly
    def get_exceptions(self, code, filters=None, offset=0):
        """The next exceptions of a board, after the first `offset`.

        :return: as `exceptions` of `get_board`
        :raises AccessError: the board is not meant for the user
        """
        board = self._chosen(self._boards(), code)
        return board._exceptions(
            self._scope(filters), offset=max(self._as_number(offset), 0)
        )

    @api.model
    def open_figure(self, code, kpi_code, filters=None):
        """The records whose sum a figure of the board is.

        :return: the action that lists them, within the filters
        :raises AccessError: the board is not meant for the user, or has no such figure
        """
        board = self._chosen(self._boards(), code)
        # As superuser, to find it; what is behind it is opened with the user's rights.
        kpis = board.sudo().figure_ids.kpi_id
        kpi = kpis.filtered(lambda item: item.code == kpi_code).sudo(False)
        if not kpi:
            raise AccessError(
                self.env._(
                    "Board %(board)s does not show this figure any more. Reload the page.",
                    board=board.name,
                )
            )
        scope = self._scope(filters)
        if scope.is_empty:
            raise AccessError(self._outside())
        action = kpi.action_open_items(
            scope.day_from, scope.day_to, branch_ids=scope.branch_ids
        )
        return {**action, "display_name": kpi.name}

    @api.model
    def _boards(self):
        """The boards that the user may open: a rule of the records says which."""
        return self.search([])  # pylint: disable=no-search-all

    @api.model
    def _chosen(self, boards, code):
        if not code:
            return boards[:1]
        board = boards.filtered(lambda item: item.code == code)
        if not board:
            raise AccessError(
                self.env._(
                    "There is no board %(code)s for your role. Choose one of the boards "
                    "that are offered, or ask an administrator.",
                    code=code,
                )
            )
        return board

    @api.model
    def _outside(self):
        return self.env._("None of the branches you may see is in this choice.")

    def _described(self):
        return {"code": self.code, "name": self.name, "question": self.question}

    @api.model
    def _fill_figures(self):
        """Give boards without figures those they come with, of KPIs that are there."""
        boards = self.with_context(active_test=False).search(
            Domain("figure_ids", "=", False) & Domain("code", "in", list(FIGURES))
        )
        kpis = self.env["distribution.kpi"].search([("active", "in", (True, False))])
        by_code = {kpi.code: kpi for kpi in kpis}
        self.env["distribution.board.figure"].create(
            [
                {"board_id": board.id, "kpi_id": by_code[code].id, "sequence": place}
                for board in boards
                for place, code in enumerate(FIGURES[board.code], 1)
                if code in by_code
            ]
        )
