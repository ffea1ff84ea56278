from . import test_facts_finance
from . import test_facts_purchase
from . import test_facts_stock
from . import test_facts_transfer
from . import test_facts_warehouse
