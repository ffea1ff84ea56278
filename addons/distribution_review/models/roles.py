"""Who does what in reviews. Participants and chairs are named on the review itself."""

# They open, prepare and close any review.
MANAGING = (
    "distribution_base.group_network_planner",
    "distribution_base.group_finance_controller",
    "distribution_base.group_administrator",
)
AUDITOR = "distribution_base.group_auditor"


def manages(user):
    """Whether the user may open, prepare and close any review."""
    return not user.has_group(AUDITOR) and any(
        user.has_group(role) for role in MANAGING
    )
