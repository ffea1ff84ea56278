from odoo import models

RULES = "distribution_approval_price_rules"


class PriceRules:
    """The price rules of some products: each pricelist is asked for them once.

    Odoo asks for every line. An object and not a flag, so that no client can put its own
    into the context.
    """

    def __init__(self, products):
        self.templates, self.known = [False, *products.product_tmpl_id.ids], {}
        # When the line was ordered, to the second: a rule may begin at any time of a day.
        self.moment = None

    def is_in_force(self, rule):
        """Whether a rule holds when the line was ordered."""
        start, end = rule.date_start, rule.date_end
        return (not start or start <= self.moment) and (not end or end >= self.moment)


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        lookup, Rule = self.env.context.get(RULES), self.env["product.pricelist.item"]
        if not self or not isinstance(lookup, PriceRules):
            return super()._get_applicable_rules(products, date, **kwargs)
        known, template = lookup.known, products.product_tmpl_id
        if self not in known:
            wanted = ("product_tmpl_id", "in", lookup.templates)
            rules = Rule.search([("pricelist_id", "=", self.id), wanted])
            known[self] = rules.grouped("product_tmpl_id")
        # Those of a product come before those of its category and of everything.
        rules = [known[self].get(key, Rule) for key in (template, template.browse())]
        return Rule.concat(*rules).filtered(lookup.is_in_force)
