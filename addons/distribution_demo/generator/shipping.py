"""Validating pickings as a warehouse does: what is reserved, leg after leg. Plain Odoo.

The pickings of a document are found by its ``stock.reference``: later legs carry it,
even when nothing else ties them to the order.
"""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Domain

from .dating import date_operation, date_picking

ALL_LEGS = 5


def ship(env, moments, domain=None, legs=ALL_LEGS, halve=False):
    """Validate the pickings of some documents, up to ``legs`` steps one after another.

    ``moments`` says by reference id when the last step was done. ``halve`` leaves half
    of the largest quantity of each picking behind at the first step.
    """
    rounds = []
    for leg in range(legs):
        pickings = _open_pickings(env, moments, domain)
        pickings.move_ids._action_assign()
        moves = pickings.move_ids.filtered("quantity")
        if halve and not leg:
            moves = _halve(moves)
        if not moves:
            break
        rounds.append(validate(pickings, moves))
    for age, pickings in enumerate(reversed(rounds)):
        for picking in pickings:
            moment = _moment(picking, moments)
            date_picking(picking, moment - timedelta(hours=age))
    date_operation(env["stock.picking"].union(*rounds))


def _open_pickings(env, moments, domain):
    """What an earlier validation left behind stays behind."""
    return env["stock.picking"].search(
        Domain("reference_ids", "in", list(moments))
        & Domain("state", "not in", ("draft", "done", "cancel"))
        & Domain("backorder_id", "=", False)
        & Domain(domain or Domain.TRUE),
        order="id",
    )


def _moment(picking, moments):
    return next(moments[ref.id] for ref in picking.reference_ids if ref.id in moments)


def _halve(moves):
    for picking_moves in moves.grouped("picking_id").values():
        first = max(picking_moves, key=lambda move: (move.quantity, -move.id))
        first.quantity = first.quantity // 2
    return moves.filtered("quantity")


def validate(pickings, moves):
    """Validate pickings of any number of documents; what is not in `moves` stays."""
    # Only what is picked is done; the rest of a picking goes to a backorder.
    (pickings.move_ids - moves).picked = False
    moves.picked = True
    pickings = moves.picking_id
    pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
    stuck = pickings.filtered(lambda picking: picking.state != "done")
    if stuck:
        raise UserError(
            stuck.env._(
                "The demonstration could not validate %(names)s.",
                names=", ".join(stuck.mapped("name")),
            )
        )
    return pickings
