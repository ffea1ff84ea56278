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
    def _add_model(cls, *definitions):
        """Add models for the length of the class, for tests of mixins and engines.

        A definition has `_module = None`, so that Odoo does not take it for a model of the
        addon. Models that refer to each other are added together. (The usual helper for
        this, odoo-test-helper, does not run on Odoo 19.)
        """
        registry = cls.registry
        names = list({definition._name: None for definition in definitions})
        for definition in definitions:
            add_to_registry(registry, definition)
        cls.addClassCleanup(cls._remove_models, names)
        registry._setup_models__(cls.env.cr, names)
        registry.init_models(cls.env.cr, names, {"module": "distribution_base"})

    @classmethod
    def _remove_models(cls, names):
        registry = cls.registry
        for model in registry.models.values():
            model._inherit_children -= set(names)
        for name in names:
            del registry.models[name]
        registry._setup_models__(cls.env.cr)
