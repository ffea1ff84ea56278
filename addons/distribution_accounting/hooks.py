def post_init_hook(env):
    """Give branches their analytic accounts, and accounts of goods their section."""
    env["distribution.branch"].with_context(active_test=False).search(
        []
    )._ensure_analytic_accounts()
    env["res.company"].search([]).filtered("chart_template")._set_cost_sections()
