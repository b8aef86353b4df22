"""The share of vegetation in a photograph, by the excess green index (Woebbecke et al., 1995) and Otsu's threshold."""

import io

import numpy
from PIL import Image, ImageOps

from godwit import FunctionError, Response

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
MAX_PIXELS = 60_000_000
SIDE = 1600  # pictures are made this small first; shares of area do not need more
BARE, FULL = 0.1, 0.2  # thresholds outside this range come from pictures of one kind only


def handle(event, context):
    image = load(event.body)
    index = excess_green(image)
    threshold = min(max(otsu(index), BARE), FULL)
    mask = index > threshold
    context.metric("pixels", index.size, "histogram")
    if event.query_items.get("mask") == "1" or event.headers.get("accept", "").startswith("image/png"):
        return Response(png(mask), type="image/png")
    height, width = index.shape
    return {"cover": round(float(mask.mean()), 4), "threshold": round(threshold, 4), "width": width, "height": height}


def load(body):
    """The picture as RGB, upright and not larger than needed; refuses what is no picture or unpacks to too much."""
    try:
        image = Image.open(io.BytesIO(body), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise FunctionError("TooManyPixels", f"the picture has more than {MAX_PIXELS} pixels", 413)
        image.draft("RGB", (SIDE, SIDE))
        image = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise FunctionError("NotAPicture", "the body is not a whole JPEG, PNG, WebP or TIFF picture", 400) from None
    image.thumbnail((SIDE, SIDE), Image.BOX)
    return image


def excess_green(image):
    """2g - r - b of the chromatic coordinates of every pixel, from -1 to 2; black has 0."""
    colours = numpy.asarray(image, dtype=numpy.float32)
    total = colours.sum(axis=2)
    return (3 * colours[:, :, 1] - total) / numpy.maximum(total, 1)


def otsu(index, bins=256):
    """The threshold that parts the values into the two classes with the greatest variance between them."""
    counts, edges = numpy.histogram(index, bins=bins)
    weights = counts / counts.sum()
    centres = (edges[:-1] + edges[1:]) / 2
    below = numpy.cumsum(weights)
    mean = numpy.cumsum(weights * centres)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        between = (mean[-1] * below - mean) ** 2 / (below * (1 - below))
    between = numpy.nan_to_num(between, nan=0, posinf=0, neginf=0)
    # Where nothing lies between the classes every threshold there is as good: take the middle one.
    best = numpy.flatnonzero(between >= between.max() * (1 - 1e-6))
    return float((edges[best[0] + 1] + edges[best[-1] + 1]) / 2)


def png(mask):
    """The mask as a picture of one bit."""
    file = io.BytesIO()
    Image.fromarray(mask.astype(numpy.uint8) * 255).convert("1").save(file, "PNG")
    return file.getvalue()
