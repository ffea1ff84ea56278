from . import test_approvals
from . import test_generate_stock
from . import test_history
from . import test_plan
from . import test_roles
from . import test_settings
from . import test_stock
from . import test_transfers
