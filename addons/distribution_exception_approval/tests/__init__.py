from . import test_approval_exceptions
