from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_FIGURES = 7


class DistributionBoardFigure(models.Model):
    """A figure of a board."""

    _name = "distribution.board.figure"
    _description = "Figure of a Board"
    _order = "sequence, id"
    _rec_name = "kpi_id"

    board_id = fields.Many2one(
        "distribution.board",
        required=True,
        index=True,
        ondelete="cascade",
        help="The board that shows the figure.",
    )
    sequence = fields.Integer(default=10, help="The order of the figures on the board.")
    kpi_id = fields.Many2one(
        "distribution.kpi",
        string="Figure",
        required=True,
        index=True,
        ondelete="cascade",
        help="What is shown. Its definition, target and owner are those of the KPI.",
    )
    theme = fields.Selection(related="kpi_id.theme", help="What the figure is about.")

    _kpi_unique = models.Constraint(
        "UNIQUE (board_id, kpi_id)", "A board shows each figure once."
    )

    @api.constrains("board_id")
    def _check_count(self):
        for board in self.board_id:
            if len(board.figure_ids) > MOST_FIGURES:
                raise ValidationError(
                    self.env._(
                        "Board %(board)s would have %(count)s figures. With more than "
                        "%(most)s nobody sees what matters: take one away first.",
                        board=board.name,
                        count=len(board.figure_ids),
                        most=MOST_FIGURES,
                    )
                )
