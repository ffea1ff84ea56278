from . import test_first_promise
