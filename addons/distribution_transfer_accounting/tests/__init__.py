from . import test_closing
from . import test_documented_entries
from . import test_five_hundred
from . import test_freight_books
from . import test_losses
from . import test_price
from . import test_tie_out
