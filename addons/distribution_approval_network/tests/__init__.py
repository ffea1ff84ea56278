from . import test_branch_approval
