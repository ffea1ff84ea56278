"""How much there is to measure with."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Sizes:
    """The data of both databases, and how much of it an operation takes."""

    skus: int = 2000
    branches: int = 4
    order_lines: int = 50  # of the one large order
    orders: int = 100  # of the many small orders
    lines: int = 10  # of each small order
    orderpoints: int = 500
    transfer_lines: int = 500  # of the one large transfer
    products: int = 100
    rows: int = 80  # of a list view
    purchases: int = 100  # purchase orders
    purchase_lines: int = 20  # of each of them

    @classmethod
    def small(cls):
        """Enough to count queries, little enough for a test."""
        return cls(
            skus=60,
            branches=2,
            order_lines=20,
            orders=10,
            lines=4,
            orderpoints=25,
            transfer_lines=20,
            products=20,
            rows=8,
            purchases=10,
            purchase_lines=4,
        )

    @classmethod
    def read(cls, text):
        """The sizes that `write` made a text of."""
        return cls(**json.loads(text))

    def write(self):
        """These sizes as a text."""
        return json.dumps(asdict(self))
