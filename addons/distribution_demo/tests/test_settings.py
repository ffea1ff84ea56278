from datetime import date

from odoo.tests import BaseCase, tagged

from ..generator.settings import DEFAULT_SKUS, Settings, SettingsError


@tagged("post_install", "-at_install")
class TestSettings(BaseCase):
    def _read(self, **values):
        return Settings.from_environ(
            {f"DISTRIBUTION_DEMO_{key}": value for key, value in values.items()}
        )

    def test_defaults(self):
        settings = self._read()
        self.assertEqual(settings.skus, DEFAULT_SKUS)
        self.assertEqual(settings.today, date.today())

    def test_values_of_the_environment(self):
        settings = self._read(SKUS="18000", SEED="7", DATE="2026-03-31")
        self.assertEqual(
            (settings.skus, settings.seed, settings.today),
            (18000, 7, date(2026, 3, 31)),
        )

    def test_bad_values_name_the_variable_and_the_cure(self):
        for values, message in (
            ({"SKUS": "many"}, "DISTRIBUTION_DEMO_SKUS must be a whole number"),
            ({"SKUS": "12.5"}, "DISTRIBUTION_DEMO_SKUS must be a whole number"),
            ({"SKUS": "9"}, "between 10 and 50000, not 9"),
            ({"SKUS": "50001"}, "between 10 and 50000, not 50001"),
            ({"SKUS": "-300"}, "between 10 and 50000, not -300"),
            ({"SEED": "x"}, "DISTRIBUTION_DEMO_SEED must be a whole number"),
            ({"DATE": "31.3.2026"}, "DISTRIBUTION_DEMO_DATE must be a date like"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(SettingsError, message),
            ):
                self._read(**values)
