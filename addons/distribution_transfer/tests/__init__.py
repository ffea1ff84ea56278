from . import test_discrepancies
from . import test_transfer_flow
