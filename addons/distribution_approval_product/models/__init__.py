from . import distribution_approval_mixin
from . import distribution_approval_rule
from . import product_category
