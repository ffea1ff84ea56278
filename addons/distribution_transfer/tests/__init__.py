from . import test_discrepancies
from . import test_transfer_flow
from . import test_supply
