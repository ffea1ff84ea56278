from . import test_approval_flow
from . import test_duty_breach
from . import test_duty_conflict
from . import test_duty_log
from . import test_duty_over_rpc
from . import test_duty_refusal
from . import test_duty_rights
