"""docs/kpis.md: the dictionary as a page, in English and the same for the same code."""

THEMES = {
    "service": "Service",
    "backlog": "Backlog",
    "stock": "Stock",
    "transfer": "Transfers",
    "purchase": "Purchasing",
    "warehouse": "Warehouse",
    "margin": "Margin",
    "finance": "Finance",
    "control": "Control",
}
HEAD = """# KPIs

Generated from the dictionary by `make kpis`: change the definitions in the code, not here.
What a KPI, a snapshot and a version are is in [measures.md](measures.md).

The figure of a group is worked out from the sums over all its facts, never from other
figures. A **flow** adds up what happened on the days of a period. A **state** is what stands
at the end of a day; that of a period is the one of its last day. Days are those of the
company's time zone. Every figure is kept by branch and day, and by branch with each of the
dimensions named.
"""
DIMENSIONS = {
    "category": "product category",
    "segment": "customer segment",
    "channel": "sales channel",
}
DIRECTIONS = {"up": "more is better", "down": "less is better"}
UNITS = {"money": "company currency", "per_hour": "per hour"}


def page(kpis):
    """The whole page.

    :param kpis: list of `Kpi`
    """
    parts = [HEAD]
    for theme, title in THEMES.items():
        of_theme = [kpi for kpi in kpis if kpi.theme == theme]
        if of_theme:
            parts.append(f"## {title}\n")
            parts += [section(kpi) for kpi in of_theme]
    return "\n".join(parts)


def section(kpi):
    """What the page says about one KPI."""
    lines = [
        f"### {_english(kpi.name)}\n",
        f"`{kpi.code}` · {UNITS.get(kpi.unit, kpi.unit)} · {DIRECTIONS[kpi.direction]}"
        f" · {kpi.kind} · records: `{kpi.model}`\n",
        f"{_english(kpi.description)}\n",
        f"    {_english(kpi.formula)}\n",
    ]
    if kpi.dimensions:
        names = ", ".join(DIMENSIONS[name] for name in kpi.dimensions)
        lines.append(f"Split by {names}.\n")
    for key, value in kpi.parameters.items():
        name = _english(kpi.parameter_names[key]) if key in kpi.parameter_names else key
        lines.append(f"- {name} (`{key}`): {value:g} unless changed\n")
    if kpi.needs:
        models = ", ".join(f"`{name}`" for name in kpi.needs)
        lines.append(f"Unavailable without {models}.\n")
    return "\n".join(lines)


def _english(text):
    return text._translate("en_US")
