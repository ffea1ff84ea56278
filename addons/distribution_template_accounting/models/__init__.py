from . import distribution_template
from . import distribution_template_part
