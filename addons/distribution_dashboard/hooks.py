def uninstall_hook(env):
    """The views go with the addon: they name its tables, and no one else needs them."""
    env["distribution.bi.schema"]._drop_views()
