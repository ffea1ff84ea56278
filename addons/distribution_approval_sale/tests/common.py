from odoo import Command
from odoo.tests import new_test_user

SELLER = "sales_team.group_sale_salesman_all_leads"


class SaleApprovalMixin:
    """People who sell, one who decides, and hammers: list price 100, cost 60.

    `sam` and `sue` sell, `bea` decides. `_policy("sale_margin", …)` puts a policy in force,
    `_order(sam, (hammer, 1, {…}))` makes a quotation, `_ask` presses its button, `_approve`
    lets bea approve.
    """

    @classmethod
    def _set_up_people_and_goods(cls):
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.Request = cls.env["distribution.approval.request"]
        cls.sam = new_test_user(
            cls.env, login="sam", password="sam-sam-1", groups=SELLER
        )
        cls.sue = new_test_user(cls.env, login="sue", groups=SELLER)
        cls.bea = new_test_user(cls.env, login="bea", groups=SELLER)
        cls.customer = cls.env["res.partner"].create({"name": "Fjord Machines"})
        cls.company = cls.env.company
        cls.hammer = cls._product("Hammer", 100, 60)
        cls.nail = cls._product("Nails", 10, 9)
        cls.list = cls.env["product.pricelist"].create({"name": "Trade"})

    @classmethod
    def _product(cls, name, price, cost, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "standard_price": cost,
                "taxes_id": False,
                **values,
            }
        )

    @classmethod
    def _policy(cls, measure, limit, worse="higher", **rule):
        """Bea decides from the limit on; below it where low values are the worse ones."""
        free = {"has_lower": False, "has_upper": True, "upper": limit}
        asked = {"has_lower": True, "lower": limit}
        if worse == "lower":
            free, asked = asked, free
        asked["step_ids"] = [
            Command.create({"authority": "user", "user_id": cls.bea.id})
        ]
        policy = cls.env["distribution.approval.policy"].create(
            {
                "name": "Sales",
                "document_model": "sale.order",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Rule",
                            "measure": measure,
                            "band_ids": [Command.create(free), Command.create(asked)],
                            **rule,
                        }
                    )
                ],
            }
        )
        policy.action_activate()
        return policy

    def _order(self, user, *lines, **values):
        """A quotation; each line is (product, quantity, further values)."""
        return (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.customer.id,
                    "pricelist_id": self.list.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "price_reason": "Agreed",
                                **(more[0] if more else {}),
                            }
                        )
                        for product, quantity, *more in lines
                    ],
                    **values,
                }
            )
        )

    def _ask(self, order):
        order.action_confirm()
        return self._request(order)

    def _request(self, order):
        return self.Request.search(
            [("res_model", "=", "sale.order"), ("res_id", "in", order.ids)],
            order="id desc",
            limit=1,
        )

    def _approve(self, order):
        request = self._request(order).with_user(self.bea)
        request.action_approve(reason="Fine")
        return request

    def _evaluate(self, orders):
        """The values that the policies find, by order."""
        found = self.env["distribution.approval.engine"]._evaluate(orders)
        return {
            id_: [round(finding.value, 2) for finding in evaluation.findings]
            for id_, evaluation in found.items()
        }

    def _value(self, order):
        return self._evaluate(order)[order.id][0]
