from . import account_move
from . import distribution_exception
from . import distribution_exception_rule
from . import sale_order
from . import sale_order_line
