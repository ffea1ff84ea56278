from . import test_branch_approval
from . import test_branch_approval_over_rpc
from . import test_foreign_branch
