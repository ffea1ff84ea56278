from . import test_template_accounting
