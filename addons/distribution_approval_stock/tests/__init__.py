from . import test_count
from . import test_measures
from . import test_query_counts
from . import test_scrap
from . import test_side_doors
from . import test_stock_over_rpc
from . import test_told
