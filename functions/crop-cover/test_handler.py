"""Run with: /usr/bin/python3 -m unittest test_handler (the node's harness is not needed)."""

import io
import sys
import types
import unittest


class FunctionError(Exception):
    def __init__(self, type, message, status=None):
        super().__init__(message)
        self.type, self.status = type, status


class Response:
    def __init__(self, body, status=200, headers=None, type=None):
        self.body, self.status, self.type = body, status, type


sys.modules["godwit"] = types.SimpleNamespace(FunctionError=FunctionError, Response=Response)

import numpy  # noqa: E402
from PIL import Image  # noqa: E402

import handler  # noqa: E402

SOIL, PLANT = (120, 96, 72), (60, 140, 40)


def picture(share, size=200, kind="PNG", noise=8):
    """A bed of soil with plants on that share of it."""
    colours = numpy.empty((size, size, 3), dtype=numpy.int16)
    colours[:], colours[:, : int(size * share)] = SOIL, PLANT
    colours += numpy.random.default_rng(1).integers(-noise, noise + 1, colours.shape, dtype=numpy.int16)
    file = io.BytesIO()
    Image.fromarray(colours.clip(0, 255).astype(numpy.uint8)).save(file, kind)
    return file.getvalue()


def call(body, query=None, accept=""):
    event = types.SimpleNamespace(body=body, query_items=query or {}, headers={"accept": accept})
    return handler.handle(event, types.SimpleNamespace(metric=lambda *_: None))


class CropCoverTests(unittest.TestCase):
    def test_share(self):
        for kind in ("PNG", "JPEG"):
            for share in (0, 0.1, 0.25, 0.5, 0.9, 1):
                with self.subTest(kind=kind, share=share):
                    self.assertAlmostEqual(call(picture(share, kind=kind))["cover"], share, delta=0.01)

    def test_large_pictures_are_made_smaller(self):
        answer = call(picture(0.3, size=2400))
        self.assertEqual((answer["width"], answer["height"]), (1600, 1600))
        self.assertAlmostEqual(answer["cover"], 0.3, delta=0.01)

    def test_mask(self):
        for asked in ({"query": {"mask": "1"}}, {"accept": "image/png"}):
            answer = call(picture(0.25), **asked)
            self.assertEqual(answer.type, "image/png")
            mask = numpy.asarray(Image.open(io.BytesIO(answer.body)))
            self.assertAlmostEqual(mask.mean(), 0.25, delta=0.01)

    def test_what_is_no_picture_is_refused(self):
        for body in (b"", b"hello", picture(0.5)[:100], b"GIF89a" + bytes(40)):
            with self.subTest(body=body[:10]), self.assertRaises(FunctionError) as caught:
                call(body)
            self.assertEqual(caught.exception.status, 400)

    def test_black_and_white(self):
        for value in (0, 255):
            file = io.BytesIO()
            Image.new("RGB", (50, 50), (value,) * 3).save(file, "PNG")
            self.assertEqual(call(file.getvalue())["cover"], 0)


if __name__ == "__main__":
    unittest.main()
