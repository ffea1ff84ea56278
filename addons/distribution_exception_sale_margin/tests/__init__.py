from . import test_margin
from . import test_price
from . import test_pricelist_price
from . import test_rechecks
