from . import test_exception_branch
