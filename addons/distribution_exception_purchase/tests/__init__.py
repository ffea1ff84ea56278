from . import test_bills
from . import test_first_confirmed_date
from . import test_one_click
from . import test_overdue_receipts
from . import test_thresholds
