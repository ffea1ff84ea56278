"""Documents of the past.

Odoo stamps what it validates with the present moment. The demonstration needs six weeks
of history, so the writers validate first and set the dates afterwards, here and nowhere
else. Only fields that say *when* are touched; quantities, values and states stay as
Odoo computed them. This is for generated data in a new database, not for correcting
anybody's records.
"""

from odoo.tools import SQL

from odoo.addons.distribution_base.models.distribution_evidence_mixin import guarded


def date_picking(picking, moment):
    """Say that this done picking was validated at ``moment``."""
    # The lines of a done move follow the move's date.
    picking.move_ids.filtered(lambda move: move.state == "done").date = moment
    picking.date_done = moment


def date_operation(pickings):
    """Let done pickings be planned no later than they were done.

    A put-away or a packing appears when the step before it is validated, planned for
    that very moment. The planned date of a done picking can no longer be written.
    """
    if not pickings:
        return
    pickings.flush_recordset()
    pickings.env.cr.execute(
        SQL(
            "UPDATE stock_picking"
            " SET scheduled_date = LEAST(scheduled_date, date_done) WHERE id IN %s",
            tuple(pickings.ids),
        )
    )
    pickings.invalidate_recordset(["scheduled_date"])


def date_creation(records, moments):
    """Set ``create_date``, which the ORM never writes, for one record per moment."""
    if not records:
        return
    records.flush_recordset()
    pairs = SQL(", ").join(
        SQL("(%s, %s::timestamp)", record_id, moment)
        for record_id, moment in zip(records.ids, moments, strict=True)
    )
    records.env.cr.execute(
        SQL(
            "UPDATE %s t SET create_date = v.moment FROM (VALUES %s) AS v(id, moment)"
            " WHERE t.id = v.id",
            SQL.identifier(records._table),
            pairs,
        )
    )
    records.invalidate_recordset(["create_date"])


def date_entries(entries, days):
    """Say that journal entries were posted on `days`, and number them accordingly.

    Odoo posts what happens to goods on the day on which it is told. For all entries of a
    journal that numbers by month, in the order of time.
    """
    if not entries:
        return
    entries.env.flush_all()
    numbers, rows = {}, []
    dated = sorted(
        zip(entries, days, strict=True), key=lambda pair: (pair[1], pair[0].id)
    )
    for entry, day in dated:
        prefix = f"{entry.journal_id.code}/{day:%Y/%m}/"
        if prefix not in numbers:
            numbers[prefix] = _last_number(entry, prefix, entries)
        numbers[prefix] += 1
        name = f"{prefix}{numbers[prefix]:04d}"
        rows.append(
            SQL(
                "(%s, %s::date, %s, %s, %s)",
                entry.id,
                day,
                name,
                prefix,
                numbers[prefix],
            )
        )
    # Numbers are unique at each moment.
    entries.env.cr.execute(
        SQL("UPDATE account_move SET name = '/' WHERE id IN %s", tuple(entries.ids))
    )
    entries.env.cr.execute(
        SQL(
            "UPDATE account_move t SET date = v.day, name = v.name,"
            " sequence_prefix = v.prefix, sequence_number = v.number"
            " FROM (VALUES %s) AS v(id, day, name, prefix, number) WHERE t.id = v.id",
            SQL(", ").join(rows),
        )
    )
    _date_items(entries)
    entries.env.invalidate_all()


def _last_number(entry, prefix, dated):
    """The highest number of entries that keep their date."""
    [[number]] = entry.env.execute_query(
        SQL(
            "SELECT COALESCE(MAX(sequence_number), 0) FROM account_move"
            " WHERE journal_id = %s AND sequence_prefix = %s AND id NOT IN %s",
            entry.journal_id.id,
            prefix,
            tuple(dated.ids),
        )
    )
    return number


def _date_items(entries):
    """Let journal items and analytic items follow their entries."""
    ids = tuple(entries.ids)
    entries.env.cr.execute(
        SQL(
            "UPDATE account_move_line line SET date = move.date, move_name = move.name"
            " FROM account_move move WHERE move.id = line.move_id AND move.id IN %s",
            ids,
        )
    )
    entries.env.cr.execute(
        SQL(
            "UPDATE account_analytic_line item SET date = line.date"
            " FROM account_move_line line"
            " WHERE line.id = item.move_line_id AND line.move_id IN %s",
            ids,
        )
    )


def date_first_costs(products, moment):
    """Say that the products' first cost was set at ``moment``.

    A cost that is newer than every receipt would override the average of the receipts.
    """
    products.env.flush_all()
    products.env.cr.execute(
        SQL(
            "UPDATE product_value SET date = %s"
            " WHERE product_id IN %s AND move_id IS NULL AND lot_id IS NULL",
            moment,
            tuple(products.ids),
        )
    )
    products.env["product.value"].invalidate_model(["date"])


def date_exceptions(exceptions, rows):
    """Say when exceptions opened, are due and escalate: one row of moments for each."""
    if not exceptions:
        return
    exceptions.env.flush_all()
    exceptions.env.cr.execute(
        SQL(
            "UPDATE distribution_exception t SET opened_at = v.opened, due_at = v.due,"
            " escalate_at = v.escalates"
            " FROM (VALUES %s) AS v(id, opened, due, escalates) WHERE t.id = v.id",
            SQL(", ").join(
                SQL("(%s, %s::timestamp, %s::timestamp, %s::timestamp)", one.id, *row)
                for one, row in zip(exceptions, rows, strict=True)
            ),
        )
    )
    exceptions.invalidate_recordset()


def date_events(events, moments):
    """Say when something happened to exceptions: evidence, which no code writes."""
    if not events:
        return
    events.env.flush_all()
    events.env.cr.execute(
        SQL(
            "UPDATE distribution_exception_event t SET at = v.moment"
            " FROM (VALUES %s) AS v(id, moment) WHERE t.id = v.id",
            SQL(", ").join(
                SQL("(%s, %s::timestamp)", event.id, moment)
                for event, moment in zip(events, moments, strict=True)
            ),
        )
    )
    events.invalidate_recordset()


def date_review(review, opened, closed=None):
    """Say when a review was opened, and when it was decided on and closed."""
    guarded(review).write(
        {"opened_at": opened, **({"closed_at": closed} if closed else {})}
    )
    if not closed:
        return
    guarded(review.item_ids).filtered("decided_at").write({"decided_at": closed})
    review.env.flush_all()
    # Decisions are evidence, which no code writes.
    review.env.cr.execute(
        SQL(
            "UPDATE distribution_review_decision SET decided_at = %s WHERE item_id IN %s",
            closed,
            tuple(review.item_ids.ids) or (0,),
        )
    )
    review.env["distribution.review.decision"].invalidate_model(["decided_at"])
