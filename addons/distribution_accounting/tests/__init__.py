from . import test_dimension
from . import test_branch_correction
