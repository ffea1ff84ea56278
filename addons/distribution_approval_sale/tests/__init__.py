from . import test_amendment
from . import test_customer
from . import test_gate
from . import test_gate_over_rpc
from . import test_measures
from . import test_prices
from . import test_query_counts
from . import test_reasons
