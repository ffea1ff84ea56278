from . import distribution_transfer_delay
