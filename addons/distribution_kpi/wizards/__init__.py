from . import distribution_kpi_change
from . import distribution_kpi_restate
