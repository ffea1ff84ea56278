from . import distribution_template_drift
