"""What only the code of branch accounting writes: entries between branches, and the branch
of what is posted.

The key is an object of this process. A client can send any context it likes, but what it
sends is JSON or XML, never this object; hence `is`, and not a boolean.
"""

_KEY, _OWNER = "distribution_accounting_owner", object()


def keeping(records):
    """`records` as the code that keeps the books by branch writes them."""
    return records.with_context(**{_KEY: _OWNER})


def is_keeping(records):
    """Whether `records` are in the hands of that code."""
    return records.env.context.get(_KEY) is _OWNER
