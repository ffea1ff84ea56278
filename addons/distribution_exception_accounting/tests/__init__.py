from . import test_account_clicks
from . import test_account_detectors
from . import test_account_rights
