from . import test_bi
from . import test_board_exceptions
from . import test_boards
from . import test_boards_over_rpc
from . import test_customer_page
from . import test_tours
