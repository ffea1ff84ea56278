from . import distribution_duty_breach
from . import distribution_duty_conflict
from . import distribution_duty_lock
from . import distribution_duty_log
