"""KPIs: who answers for them, what they should be, what they were. Needs the suite."""

from datetime import timedelta

from .writer import Writer

# (code, who answers for it, target of the company, those of branches that differ)
TARGETS = (
    ("line_fill_rate", "planner", 95.0, {"central": 96.0, "south": 93.0}),
    ("on_time_in_full", "planner", 90.0, {"central": 92.0, "south": 87.0}),
    ("value_fill_rate", "planner", 96.0, {}),
    ("order_accuracy", "planner", 98.0, {}),
    ("confirm_to_ship", "planner", 60.0, {}),
    ("backlog_value", "planner", 30000.0, {}),
    ("backlog_lines", "planner", 90.0, {}),
    ("backlog_at_risk", "planner", 2500.0, {}),
    ("backorder_age", "planner", 5.0, {}),
    ("backorder_age_over_30", "planner", 500.0, {}),
    ("stockout_rate", "planner", 2.5, {"north": 3.0}),
    ("days_of_stock", "planner", 120.0, {"central": 160.0}),
    ("excess_stock_value", "planner", 400000.0, {}),
    ("aged_stock_value", "planner", 10000.0, {}),
    ("transfer_late_share", "planner", 15.0, {}),
    ("transfer_delay", "planner", 4.0, {}),
    ("in_transit_age", "planner", 2.5, {}),
    ("in_transit_value", "planner", 12000.0, {}),
    ("vendor_on_time", "buyer", 80.0, {}),
    ("vendor_in_full", "buyer", 92.0, {}),
    ("vendor_delay", "buyer", 0.8, {}),
    ("overdue_receipt_lines", "buyer", 15.0, {}),
    ("overdue_receipt_value", "buyer", 6000.0, {}),
    ("stock_accuracy", "manager.central", 96.0, {}),
    ("count_variance", "manager.central", 600.0, {}),
    ("pick_lines_per_hour", "manager.central", 6.5, {}),
    ("ship_lines_per_hour", "manager.central", 5.0, {}),
    ("receipt_lines_per_hour", "manager.central", 4.5, {}),
    ("net_sales", "finance", 210000.0, {}),
    ("gross_margin", "finance", 36.0, {}),
    ("margin_leakage", "finance", 15000.0, {}),
    ("branch_result", "finance", 60000.0, {}),
    ("receivables", "finance", 300000.0, {}),
    ("receivables_overdue_share", "finance", 20.0, {}),
    ("dso", "finance", 42.0, {}),
    ("dpo", "finance", 55.0, {}),
    ("dio", "finance", 120.0, {}),
    ("working_capital", "finance", 450000.0, {}),
    ("approval_time", "planner", 8.0, {}),
    ("exception_closing_time", "planner", 36.0, {}),
    ("exceptions_open", "planner", 150.0, {}),
)
# What one branch should have of an amount of the company, in percent: of what is sold, of
# what lies in stock and comes in, and of all else.
OF_SALES = {"central": 25.0, "north": 35.0, "west": 21.0, "south": 19.0}
OF_STOCK = {"central": 61.0, "north": 13.0, "west": 13.0, "south": 13.0}
OF_OTHERS = {"central": 31.0, "north": 23.0, "west": 23.0, "south": 23.0}
SHARES = {
    **dict.fromkeys(("margin", "finance"), OF_SALES),
    **dict.fromkeys(("stock", "purchase", "transfer"), OF_STOCK),
}
OTHER_SHARE = 10.0
ADDED_UP = ("money", "count")
# What nothing in the company can measure.
ARCHIVED = "claim_cycle_time"
# Of a period: so many days are measured, twice, so that boards compare two periods.
DAYS = 60
# What stands at the end of a day: daily for the last days, then weekly. Large catalogues
# have one period, by the week.
DAILY = 31
WEEK = 7
LARGE = 5000
LARGE_DAYS = 30
# No branch of the company packs; its warehouse board has another figure in place of it.
NOT_DONE, INSTEAD = "pack_lines_per_hour", "overdue_receipt_lines"


class TargetWriter(Writer):
    theme = "targets"

    def run(self):
        self._write_targets()
        self._arrange_boards()

    def _write_targets(self):
        kpis = self.env["distribution.kpi"].search([])
        by_code = {kpi.code: kpi for kpi in kpis}
        by_code[ARCHIVED].active = False
        values = []
        for code, who, target, particular in TARGETS:
            kpi = by_code.get(code)
            if not kpi:
                continue
            kpi.owner_id = self.book.user(who)
            values.append(self._target(kpi, target, self.book.user(who)))
            for key, branch in self.book.branches.items():
                own = particular.get(key) or self._share(kpi, target, key)
                values.append(
                    self._target(kpi, own, self.book.user(f"manager.{key}"), branch)
                )
        self.create_all("distribution.kpi.target", values)

    def _share(self, kpi, target, key):
        """Amounts are those of the branch; rates are the same everywhere."""
        if kpi.unit not in ADDED_UP:
            return target
        shares = SHARES.get(kpi.theme, OF_OTHERS)
        return round(target * shares.get(key, OTHER_SHARE) / 100)

    def _target(self, kpi, value, owner, branch=None):
        return {
            "kpi_id": kpi.id,
            "company_id": self.company.id,
            "branch_id": branch.id if branch else False,
            "value": value,
            "owner_id": owner.id,
            "date_from": self.plan.settings.months[0],
        }

    def _arrange_boards(self):
        Figure = self.env["distribution.board.figure"]
        figures = Figure.search([("kpi_id.code", "=", NOT_DONE)])
        other = self.env["distribution.kpi"].search([("code", "=", INSTEAD)])
        for figure in figures:
            if other not in figure.board_id.figure_ids.kpi_id:
                figure.kpi_id = other


class KpiWriter(Writer):
    theme = "KPIs"

    def run(self):
        if self.plan.sales:
            self._measure()

    def _measure(self):
        """As the job does, day by day, the oldest first."""
        # Without them PostgreSQL does not know what was written in this transaction.
        self.env.flush_all()
        self.env.cr.execute("ANALYZE")
        Kpi = self.env["distribution.kpi"]
        kpis = Kpi._measurable()
        states = kpis.filtered(lambda kpi: kpi.kind == "state")
        is_large = len(self.book.products) > LARGE
        days, daily = (LARGE_DAYS, 1) if is_large else (DAYS, DAILY)
        for age in range(days, 0, -1):
            day = self.plan.settings.today - timedelta(days=age)
            is_measured = age <= daily or not (age - 1) % WEEK
            Kpi._take_snapshots(day, kpis=kpis if is_measured else kpis - states)
