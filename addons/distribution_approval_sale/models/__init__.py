from . import product_pricelist

# The gate adds to what prices say, so it comes after them.
from . import sale_order_price
from . import sale_order
from . import sale_order_line_price
from . import sale_order_line
