from . import distribution_approval_setup
