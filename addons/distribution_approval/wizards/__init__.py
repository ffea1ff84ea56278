from . import distribution_approval_reply
from . import distribution_approval_simulation
from . import distribution_approval_setup
