from . import test_transfer_clicks
from . import test_transfer_detectors
from . import test_transfer_rights
