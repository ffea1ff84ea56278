from . import distribution_exception
from . import distribution_exception_rule
from . import distribution_exception_rule_differences
from . import distribution_transfer
from . import stock_warehouse_orderpoint
