from . import account_move
from . import distribution_closing
from . import distribution_transfer
from . import stock_move
