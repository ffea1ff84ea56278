"""Categories, products and what vendors ask for them. Plain Odoo."""

from .writer import Writer


class CatalogueWriter(Writer):
    theme = "products"

    def run(self):
        self._write_categories()
        products = self.create_all(
            "product.product", [self._product_values(p) for p in self.plan.products]
        )
        self.book.products = products.ids
        if self.book.vendors:
            self.create_all("product.supplierinfo", self._offer_values())

    def _write_categories(self):
        parent = self.env["product.category"].create({"name": "Industrial Supplies"})
        categories = self.env["product.category"].create(
            [
                {
                    "name": category.name,
                    "parent_id": parent.id,
                    "property_cost_method": category.cost_method,
                    "property_valuation": category.valuation,
                }
                for category in self.plan.categories
            ]
        )
        codes = [category.code for category in self.plan.categories]
        self.book.categories = dict(zip(codes, categories.ids, strict=True))
        self.book.categories["all"] = parent.id

    def _product_values(self, product):
        return {
            "name": product.name,
            "default_code": product.code,
            "barcode": product.barcode,
            "categ_id": self.book.categories[product.category],
            "type": "consu",
            "is_storable": True,
            "standard_price": product.cost,
            "list_price": product.price,
            "weight": product.weight,
            "invoice_policy": "delivery",
            "purchase_method": "receive",
        }

    def _offer_values(self):
        templates = dict(
            zip(
                self.book.products,
                self.env["product.product"]
                .browse(self.book.products)
                .mapped("product_tmpl_id.id"),
                strict=True,
            )
        )
        return [
            {
                "partner_id": self.book.vendors[offer.vendor],
                "product_tmpl_id": templates[self.book.products[offer.product]],
                "sequence": offer.sequence,
                "price": offer.price,
                "delay": offer.delay,
                "min_qty": offer.min_qty,
                "company_id": self.company.id,
            }
            for offer in self.plan.offers
        ]
