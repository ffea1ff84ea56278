from odoo.orm.model_classes import add_to_registry
from odoo.tests import TransactionCase, new_test_user

ROLES = (
    "branch_operator",
    "branch_manager",
    "regional_manager",
    "network_planner",
    "central_buyer",
    "finance_controller",
    "auditor",
    "administrator",
)


class DistributionCase(TransactionCase):
    """Base of the suite's tests.

    `_new_user("branch_operator", "olga")` makes a user with that role of the Distribution
    privilege and no other; records are then used `with_user(olga)`, as that person would.
    Set-up itself runs as superuser.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Mails of tests are nobody's business, and each costs queries.
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))

    @classmethod
    def _new_user(cls, role, login, **values):
        """A user with one role, or with none where `role` is None."""
        groups = f"distribution_base.group_{role}" if role else "base.group_user"
        return new_test_user(cls.env, login=login, groups=groups, **values)

    @classmethod
    def _add_model(cls, definition):
        """Add a model for the length of the class, for tests of mixins.

        `definition` has `_module = None`, so that Odoo does not take it for a model of the
        addon. (The usual helper for this, odoo-test-helper, does not run on Odoo 19.)
        """
        registry, name = cls.registry, definition._name
        add_to_registry(registry, definition)
        registry._setup_models__(cls.env.cr, [name])
        registry.init_models(cls.env.cr, [name], {"module": "distribution_base"})
        cls.addClassCleanup(cls._remove_model, name)

    @classmethod
    def _remove_model(cls, name):
        registry = cls.registry
        for model in registry.models.values():
            model._inherit_children.discard(name)
        del registry.models[name]
        registry._setup_models__(cls.env.cr)
