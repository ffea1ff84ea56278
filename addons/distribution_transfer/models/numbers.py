"""Numbers of documents, many at once."""

from odoo.tools import SQL


def next_numbers(env, code, company, count):
    """The next `count` numbers of the sequence with that code.

    Odoo draws one number at a time; the usual kind of sequence gives them all at once.
    """
    # As superuser: who makes a document need not read sequences.
    Sequence = env["ir.sequence"].sudo()
    sequence = Sequence.search(
        [("code", "=", code), ("company_id", "in", (company.id, False))],
        order="company_id",
        limit=1,
    )
    if sequence.implementation != "standard" or sequence.use_date_range:
        return [sequence.next_by_id() for _number in range(count)]
    drawn = env.execute_query(
        SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            f"ir_sequence_{sequence.id:03d}",
            count,
        )
    )
    return [sequence.get_next_char(number) for (number,) in drawn]
