"""The generator of the reference case.

``plan.py`` and what it imports are plain Python: they say what there is, without
Odoo. ``writer*.py`` put a plan into a database through the ORM. The writers of
products, partners, stock, orders and reordering rules use nothing of this suite, so
that the same data can be written into stock Odoo for comparison.
"""
