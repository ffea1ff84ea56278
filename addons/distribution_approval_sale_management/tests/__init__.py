from . import test_prices
from . import test_reasons
