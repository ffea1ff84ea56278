from . import test_discrepancies
from . import test_transfer_flow
from . import test_supply
from . import test_side_doors
from . import test_conservation
from . import test_transfer_approval
from . import test_freight
