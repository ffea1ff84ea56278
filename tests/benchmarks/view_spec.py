"""What the web client asks the server for when it shows a view."""

from lxml import etree

SUBVIEWS = ("list", "kanban", "form")
NEVER_SHOWN = ("1", "True", "true")
X2MANY_LIMIT = 40


def view_specification(model, view_type, view_id):
    """The specification of `web_read` for all that a view of `model` shows."""
    views = model.get_views([(view_id, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    return _fields_specification(arch, model._name, views["models"])


def _fields_specification(arch, model, models):
    specification = {}
    for node in _own_fields(arch):
        name = node.get("name")
        field = models[model]["fields"][name]
        specification.setdefault(name, {}).update(
            _field_specification(node, field, models)
        )
    return specification


def _own_fields(node):
    """The fields of a view without those of the views inside a field."""
    for child in node:
        if child.tag == "field":
            yield child
        else:
            yield from _own_fields(child)


def _field_specification(node, field, models):
    hidden = node.get("invisible") in NEVER_SHOWN
    if hidden or node.get("column_invisible") in NEVER_SHOWN:
        return {}
    if field["type"] in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    if field["type"] in ("one2many", "many2many"):
        return _x2many_specification(node, field, models)
    return {}


def _x2many_specification(node, field, models):
    if "tags" in (node.get("widget") or ""):
        return {"fields": {"display_name": {}}}
    shown = [view for view in node if view.tag in SUBVIEWS[:2]]
    if not shown:
        return {}
    fields = _fields_specification(shown[0], field["relation"], models)
    return {"fields": fields, "limit": X2MANY_LIMIT}
