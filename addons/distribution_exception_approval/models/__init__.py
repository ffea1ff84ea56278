from . import distribution_approval_request
from . import distribution_exception
from . import distribution_exception_rule
