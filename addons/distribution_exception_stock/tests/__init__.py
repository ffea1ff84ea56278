from . import test_counts
from . import test_goods
from . import test_one_click
from . import test_rechecks
from . import test_replenishment
from . import test_thresholds
