def post_init_hook(env):
    """Give the branches that are there their analytic accounts."""
    env["distribution.branch"].with_context(active_test=False).search(
        []
    )._ensure_analytic_accounts()
