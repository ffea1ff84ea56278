from . import test_first_confirmed_date
