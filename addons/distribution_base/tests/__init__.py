from . import test_auditor
from . import test_evidence
from . import test_evidence_over_rpc
from . import test_role_log
from . import test_roles
