from . import distribution_exception_note
from . import distribution_exception_snooze
