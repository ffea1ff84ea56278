"""Small pictures of damaged goods, drawn here. No binaries in the repository."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (320, 240)
FLOOR, WALL = (150, 148, 142), (196, 200, 204)
CARDBOARD, SHADE, TAPE = (186, 144, 98), (150, 112, 72), (222, 206, 170)


def draw_carton(seed, damage):
    """A carton on the floor, as PNG.

    :param damage: "crushed", "wet", or anything else for a carton that is whole
    """
    rng = random.Random(f"carton/{seed}")
    image = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 150, *SIZE), fill=FLOOR)
    left, top = 70 + rng.randint(-12, 12), 70 + rng.randint(-8, 8)
    right, bottom = left + 150, top + 120
    corner = 34 if damage == "crushed" else 0
    draw.polygon(
        [
            *((left, top), (right - corner, top + corner // 3)),
            *((right - corner // 4, top + corner), (right, bottom), (left, bottom)),
        ],
        fill=CARDBOARD,
    )
    draw.polygon(
        [
            *((right - corner // 4, top + corner), (right + 34, top + corner - 22)),
            *((right + 34, bottom - 22), (right, bottom)),
        ],
        fill=SHADE,
    )
    draw.rectangle((left + 66, top + 4, left + 82, bottom), fill=TAPE)
    if damage == "wet":
        _stain(draw, rng, left, right, bottom)
    if damage == "crushed":
        _creases(draw, rng, right, top)
    buffer = io.BytesIO()
    image.quantize(32).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _stain(draw, rng, left, right, bottom):
    for _spot in range(14):
        x, size = rng.randint(left, right - 40), rng.randint(18, 42)
        draw.ellipse((x, bottom - size, x + size, bottom), fill=(112, 84, 56))
    draw.ellipse((left - 16, bottom - 8, right + 40, bottom + 16), fill=(118, 120, 122))


def _creases(draw, rng, right, top):
    for _crease in range(7):
        x, y = right - rng.randint(10, 60), top + rng.randint(14, 60)
        draw.line((x, y, x + rng.randint(12, 40), y + rng.randint(4, 26)), SHADE, 3)
