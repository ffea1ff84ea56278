from . import distribution_branch
from . import distribution_exception
from . import distribution_exception_rule
from . import distribution_exception_rule_branch
from . import distribution_exception_threshold
from . import resource_calendar
