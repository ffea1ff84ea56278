from . import distribution_approval_stock_mixin
from . import stock_move
from . import stock_quant
from . import stock_quant_told
from . import stock_scrap
