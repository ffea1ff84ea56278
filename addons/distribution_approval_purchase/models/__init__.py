from . import account_move
from . import account_partial_reconcile
from . import purchase_order
from . import purchase_order_line
from . import stock_move
