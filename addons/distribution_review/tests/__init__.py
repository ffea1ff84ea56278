from . import test_opening
from . import test_agenda
from . import test_deciding
from . import test_actions
from . import test_rights
from . import test_template
