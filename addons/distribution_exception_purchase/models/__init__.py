from . import account_move
from . import distribution_exception
from . import distribution_exception_rule
from . import distribution_exception_rule_bill
from . import purchase_order
from . import purchase_order_line
from . import stock_move
