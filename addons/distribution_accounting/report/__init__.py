from . import distribution_branch_balance_item
from . import distribution_branch_balance
from . import distribution_branch_balance_open
from . import distribution_branch_margin
