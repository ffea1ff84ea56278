from . import distribution_evidence_mixin
from . import distribution_role_log
from . import ir_model_access
from . import res_groups
from . import res_users
