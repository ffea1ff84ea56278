from . import test_acting
from . import test_credit
from . import test_first_promise
from . import test_late
from . import test_notices
from . import test_rights
from . import test_waiting
