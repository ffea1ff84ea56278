from . import distribution_transit_report
from . import distribution_transit_balance
