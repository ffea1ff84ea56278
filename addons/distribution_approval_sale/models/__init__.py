from . import product_pricelist
from . import sale_order
from . import sale_order_price
from . import sale_order_line
from . import sale_order_line_price
