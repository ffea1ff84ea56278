from . import distribution_approval_delegation
from . import distribution_approval_mixin
from . import distribution_approval_policy
from . import distribution_approval_request
from . import distribution_approval_step
from . import distribution_branch
from . import res_users
