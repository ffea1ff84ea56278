from . import distribution_transfer_objection
from . import distribution_transfer_receiving
from . import distribution_transfer_receiving_line
from . import distribution_transfer_settling
from . import stock_picking_return
from . import distribution_freight_assign
