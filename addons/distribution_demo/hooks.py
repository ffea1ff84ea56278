from odoo.exceptions import UserError

from .generator.run import generate
from .generator.settings import Settings, SettingsError


def post_init_hook(env):
    """Create the reference case. See readme/CONFIGURE.md for size, seed and date."""
    try:
        settings = Settings.from_environ()
    except SettingsError as error:
        raise UserError(str(error)) from error
    generate(env, settings)
