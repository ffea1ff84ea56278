from odoo import api, models
from odoo.fields import Domain

from .plan import CHANGE, CREATE, KEEP, Change, Item

COMPARED = ("product_min_qty", "product_max_qty", "trigger", "route_id", "active")


class DistributionTemplatePartReplenishment(models.AbstractModel):
    """Reordering rules, by category of products.

    There may be one for each of thousands of products, so an item stands for all of a
    line of the template: those that are missing, or those that exist.
    """

    _name = "distribution.template.part.replenishment"
    _description = "Replenishment"
    _inherit = ["distribution.template.part"]

    _part_sequence = 50

    @api.private
    def describe(self, target):
        """For each line the missing reordering rules, and the ones that exist."""
        lines = target.template.replenishment_ids
        if not lines:
            return []
        existing = self._existing_rules(target)
        items = []
        for line, product_ids in self._assign_products(target, lines).items():
            missing = [number for number in product_ids if number not in existing]
            present = [existing[number] for number in product_ids if number in existing]
            items += self._items(line, missing, present)
        return items

    @api.private
    def preview(self, target, item):
        """One line for all reordering rules of an item."""
        line, rules, missing = item.data
        values = self._prepare_values(target, line)
        if missing is not None:
            action = CREATE if missing else KEEP
            change = Change(self, item, action, count=len(missing))
        else:
            wrong = self._differing(target, line, rules) if line.enforce else []
            item.data = (line, wrong, None)
            count = len(wrong) or len(rules)
            change = Change(self, item, CHANGE if wrong else KEEP, count=count)
        change.summary = self._summary(target, line, values, change)
        return change

    @api.private
    def apply(self, target, changes):
        """Create and correct the reordering rules, however many, in a few calls."""
        return [
            self._create_missing(target, change)
            if change.action == CREATE
            else self._correct(target, change)
            for change in changes
        ]

    @api.private
    def undo(self, entries):
        """Delete the rules that were created and restore those that were corrected."""
        Rule = self.env["stock.warehouse.orderpoint"]
        for entry in entries:
            if entry["action"] == CREATE:
                Rule.browse(entry["ids"]).exists().unlink()
            else:
                self._restore_corrected(entry)

    # --- which products, which rules --------------------------------------------------

    def _assign_products(self, target, lines):
        """{line: ids of products}; the closest category wins, and in it a tag."""
        closest_first = lines.sorted(
            lambda line: (
                -line.categ_id.parent_path.count("/"),
                not line.product_tag_id,
            )
        )
        tagged = {
            tag: set(self._search_products(target, lines, tag)._ids)
            for tag in lines.product_tag_id
        }
        assigned = {line: [] for line in lines}
        for category, ids in self._products_by_category(target, lines):
            for line in closest_first:
                if not category.parent_path.startswith(line.categ_id.parent_path):
                    continue
                own = ids & tagged[line.product_tag_id] if line.product_tag_id else ids
                assigned[line] += sorted(own)
                ids = ids - own
        return assigned

    def _products_by_category(self, target, lines):
        groups = self.env["product.product"]._read_group(
            self._product_domain(target, lines), ["categ_id"], ["id:array_agg"]
        )
        return [(category, set(ids)) for category, ids in groups]

    def _search_products(self, target, lines, tag):
        domain = self._product_domain(target, lines)
        return self.env["product.product"].search(
            domain & Domain("all_product_tag_ids", "in", tag.ids)
        )

    def _product_domain(self, target, lines):
        return Domain(
            [
                ("is_storable", "=", True),
                ("company_id", "in", [False, target.company.id]),
                ("categ_id", "child_of", lines.categ_id.ids),
            ]
        )

    def _existing_rules(self, target):
        """{id of product: its reordering rule in the stock of the branch}"""
        Rule = self.env["stock.warehouse.orderpoint"].with_context(active_test=False)
        location = target.branch.warehouse_id.lot_stock_id
        if not location:
            return {}
        rules = Rule.search_fetch(
            [("location_id", "=", location.id)], ["product_id", *COMPARED]
        )
        return {rule.product_id.id: rule for rule in rules}

    def _items(self, line, missing, present):
        name = line.categ_id.display_name
        if line.product_tag_id:
            name = f"{name} ({line.product_tag_id.name})"
        items = []
        if missing or not present:
            items.append(
                Item(
                    key=f"replenishment:{line.id}:missing",
                    label=self.env._("Reordering rules of %s", name),
                    model="stock.warehouse.orderpoint",
                    data=(line, [], missing),
                )
            )
        if present:
            items.append(
                Item(
                    key=f"replenishment:{line.id}:existing",
                    label=self.env._("Existing reordering rules of %s", name),
                    model="stock.warehouse.orderpoint",
                    data=(line, present, None),
                )
            )
        return items

    # --- what they must be like -------------------------------------------------------

    def _prepare_values(self, target, line):
        return {
            "product_min_qty": line.min_qty,
            "product_max_qty": line.max_qty,
            "trigger": line.trigger,
            "route_id": self._route(target, line).id,
            "active": True,
        }

    def _route(self, target, line):
        """The route of a line; empty while lane or warehouse are not there yet."""
        if line.supply == "lane":
            lane = target.records.get(target.lanes.get(line._inbound_lane()))
            return lane.route_id if lane else self.env["stock.route"]
        if line.supply == "buy":
            return target.branch.warehouse_id.buy_pull_id.route_id
        return self.env["stock.route"]

    def _differing(self, target, line, rules):
        values = self._prepare_values(target, line)
        return [rule for rule in rules if self._current(rule) != values]

    def _current(self, rule):
        return {
            name: rule[name].id if name == "route_id" else rule[name]
            for name in COMPARED
        }

    def _summary(self, target, line, values, change):
        labels = dict(line._fields["trigger"]._description_selection(self.env))
        supply = dict(line._fields["supply"]._description_selection(self.env))
        if change.action == KEEP:
            return self.env._("%s rules stay as they are", change.count)
        return self.env._(
            "%(count)s rules: min %(min)s, max %(max)s, %(trigger)s, supplied by: "
            "%(supply)s",
            count=change.count,
            min=f"{values['product_min_qty']:g}",
            max=f"{values['product_max_qty']:g}",
            trigger=labels[line.trigger],
            supply=supply[line.supply],
        )

    # --- writing ----------------------------------------------------------------------

    def _create_missing(self, target, change):
        line, _rules, missing = change.item.data
        shared = {
            **self._prepare_values(target, line),
            "company_id": target.company.id,
            "warehouse_id": target.branch.warehouse_id.id,
            "location_id": target.branch.warehouse_id.lot_stock_id.id,
        }
        rules = self.env["stock.warehouse.orderpoint"].create(
            [
                # Its own name, because Odoo's number costs a query for each rule.
                {**shared, "product_id": number, "name": f"{target.code}/RR/{number}"}
                for number in missing
            ]
        )
        self._set_quantities_to_order(rules)
        entry = self._make_entry(change, rules.browse(), {}, {})
        return {**entry, "ids": rules.ids, "count": len(rules)}

    def _set_quantities_to_order(self, rules):
        """Set what to order now, instead of letting Odoo ask for each product.

        Odoo looks up the vendor's packaging for each, with a query or more. It does so
        when it next computes the quantity, before the scheduler uses it.
        """
        self.env.remove_to_compute(rules._fields["qty_to_order_computed"], rules)
        by_quantity = {}
        for rule in rules:
            forecast = rule.qty_forecast
            is_short = rule.product_uom.compare(forecast, rule.product_min_qty) < 0
            quantity = rule.product_max_qty - forecast if is_short else 0.0
            by_quantity.setdefault(quantity, []).append(rule.id)
        for quantity, ids in by_quantity.items():
            rules.browse(ids).write({"qty_to_order_computed": quantity})

    def _correct(self, target, change):
        line, rules, _missing = change.item.data
        values = self._prepare_values(target, line)
        before = {}
        for rule in rules:
            old = tuple(self._current(rule).items())
            before.setdefault(old, []).append(rule.id)
        Rule = self.env["stock.warehouse.orderpoint"]
        Rule.concat(*rules).write(values)
        entry = self._make_entry(change, Rule, values, {})
        groups = [{"ids": ids, "values": dict(old)} for old, ids in before.items()]
        return {**entry, "groups": groups, "count": len(rules)}

    def _restore_corrected(self, entry):
        Rule = self.env["stock.warehouse.orderpoint"].with_context(active_test=False)
        for group in entry["groups"]:
            rules = Rule.browse(group["ids"]).exists()
            rules.filtered(lambda r: self._current(r) == entry["values"]).write(
                group["values"]
            )
