from . import test_failures
from . import test_formula
from . import test_life_of_an_exception
from . import test_notices
from . import test_rank
from . import test_reading
from . import test_recheck
from . import test_rights
