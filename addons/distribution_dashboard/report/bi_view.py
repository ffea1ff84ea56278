"""What a view for external BI is: its name, its rows, and each of its columns."""

from dataclasses import dataclass

from odoo.tools import SQL

SCHEMA = "distribution_bi"


@dataclass(frozen=True)
class BiView:
    """A view with a stable name. Its columns are (name, expression, what it says)."""

    name: str
    about: str
    rows: object  # what stands behind FROM: a string, or a function of the environment
    columns: tuple
    # The columns of which one must be a branch of the reader; none: of no branch.
    branches: tuple = ("branch_id",)

    @property
    def inner(self):
        """The view that names Odoo's tables.

        It is in the schema of these, where Odoo finds and drops it before it changes the
        type of a column; the view of the reader goes with it, and both come back.
        """
        return f"{SCHEMA}_{self.name}"

    def create_inner(self, env):
        """The statement that creates the view over tables, without any rights."""
        rows = self.rows(env) if callable(self.rows) else SQL(self.rows)
        columns = SQL(", ").join(
            SQL("%s AS %s", SQL(expression), SQL.identifier(name))
            for name, expression, _about in self.columns
        )
        return SQL(
            "CREATE VIEW %s AS SELECT %s FROM %s",
            SQL.identifier(self.inner),
            columns,
            rows,
        )

    def create_outer(self):
        """The statement that creates the view of the readers, with their rights."""
        return SQL(
            "CREATE VIEW %s WITH (security_barrier) AS SELECT * FROM %s row WHERE %s",
            self.identifier,
            SQL.identifier(self.inner),
            self._right(),
        )

    def comments(self):
        """The statements that say in the database what the columns are."""
        yield SQL("COMMENT ON VIEW %s IS %s", self.identifier, self.about)
        for name, _expression, about in self.columns:
            yield SQL(
                "COMMENT ON COLUMN %s.%s IS %s",
                self.identifier,
                SQL.identifier(name),
                about,
            )

    @property
    def identifier(self):
        """The view of the readers, with its schema."""
        return SQL.identifier(SCHEMA, self.name)

    def _right(self):
        """Rows of the branches and companies that were given to the database role."""
        reader = SQL(
            "distribution_bi_reader reader WHERE reader.active"
            " AND reader.role = current_user::text"
        )
        if not self.branches:
            return SQL("EXISTS (SELECT FROM %s)", reader)
        companies = SQL(
            "row.company_id IN (SELECT link.company_id FROM distribution_bi_reader_company "
            "link WHERE link.reader_id IN (SELECT reader.id FROM %s "
            "AND reader.every_branch))",
            reader,
        )
        branches = [
            SQL(
                "row.%s IN (SELECT link.branch_id FROM distribution_bi_reader_branch link "
                "WHERE link.reader_id IN (SELECT reader.id FROM %s "
                "AND reader.every_branch IS NOT TRUE))",
                SQL.identifier(column),
                reader,
            )
            for column in self.branches
        ]
        return SQL(" OR ").join([companies, *branches])

    def as_markdown(self):
        """The view as a chapter of docs/bi.md."""
        lines = [
            f"## {self.name}",
            "",
            self.about,
            "",
            "| column | says |",
            "| --- | --- |",
        ]
        lines += [
            f"| `{name}` | {about} |" for name, _expression, about in self.columns
        ]
        return "\n".join(lines)
