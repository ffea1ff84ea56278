from . import test_purchase_duties
from . import test_purchase_gate
from . import test_purchase_measures
from . import test_purchase_over_rpc
from . import test_purchase_queries
