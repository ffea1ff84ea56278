from . import distribution_exception
from . import distribution_exception_rule
from . import distribution_exception_rule_orderpoint
from . import distribution_exception_rule_quant
from . import stock_move
from . import stock_quant
from . import stock_warehouse_orderpoint
