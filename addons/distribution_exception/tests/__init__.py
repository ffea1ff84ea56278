from . import test_life_of_an_exception
