from . import test_branch_correction
from . import test_dimension
from . import test_distribution_keys
from . import test_branch_balance
from . import test_branch_balance_rights
from . import test_distribution_key_runs
from . import test_distribution_keys_over_rpc
