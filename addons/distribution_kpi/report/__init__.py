from . import distribution_kpi_item
