from . import account_payment_register
from . import distribution_branch_correct
from . import distribution_key_distribute
from . import distribution_lane_price
