from . import distribution_transfer_objection
from . import distribution_transfer_settling
from . import stock_picking_return
