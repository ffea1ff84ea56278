"""Code 128 barcodes as drawings.

Drawn, and not painted by Odoo's barcode widget: that needs a painting library which an
installation may lack, and lines that are drawn stay sharp at every size.
"""

import base64

from markupsafe import Markup, escape
from reportlab.graphics.barcode.code128 import Code128

# The width of the thinnest bar in millimetres: scanners read it from an arm's length. A
# long code is printed narrower, to fit into its column.
MODULE = 0.25
WIDEST = 62
# What stays white at either end, in thinnest bars, so that a scanner finds the code.
QUIET = 10


def code128_image(value, height=9):
    """An image of the barcode, as HTML; the text itself where it cannot be a barcode.

    :param height: in millimetres
    """
    if not value or not all(" " <= character <= "~" for character in value):
        return escape(value or "")
    bars, modules = _bars(value)
    width = min(WIDEST, modules * MODULE)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" '
        f'height="{height}mm" viewBox="0 0 {modules} 100" preserveAspectRatio="none">'
        f'<path d="{bars}" fill="#000" shape-rendering="crispEdges"/></svg>'
    )
    return Markup(
        '<img alt="{value}" class="o_distribution_barcode" '
        'style="width:{width}mm;height:{height}mm" '
        'src="data:image/svg+xml;base64,{data}"/>'
    ).format(
        value=value,
        width=round(width, 2),
        height=height,
        data=base64.b64encode(drawing.encode()).decode(),
    )


def _bars(value):
    """The path of the bars, and how wide it is, in thinnest bars."""
    code = Code128(value)
    code.validate()
    code.encode()
    code.decompose()
    position, path = QUIET, []
    for letter in code.decomposed:  # "A" is a bar, "a" a gap of one; "B" of two; ...
        width = ord(letter.upper()) - ord("A") + 1
        if letter.isupper():
            path.append(f"M{position} 0h{width}v100h-{width}z")
        position += width
    return "".join(path), position + QUIET
