from . import distribution_exception
from . import distribution_exception_rule
from . import distribution_exception_rule_credit
from . import distribution_exception_rule_waiting
from . import sale_order
from . import sale_order_line
from . import stock_move
