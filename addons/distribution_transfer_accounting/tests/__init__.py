from . import test_freight_books
from . import test_losses
from . import test_price
from . import test_tie_out
