"""Characters on a page that no installed font can draw: they come out as the box of the missing glyph."""

from __future__ import annotations

from playwright.sync_api import Page

# Drawn on a canvas in the body's own font and held against a code point that stands for nothing anywhere.
_SCRIPT = """
() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 40;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.font = '24px ' + getComputedStyle(document.body).fontFamily;
  const drawn = (sign) => {
    pen.clearRect(0, 0, 40, 40);
    pen.fillText(sign, 4, 30);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const missing = new Set([0x2FFE0, 0x10FFFD].map((code) => drawn(String.fromCodePoint(code))));
  const texts = [document.body.innerText, document.title];
  for (const input of document.querySelectorAll('input, textarea')) texts.push(input.value, input.placeholder);
  return [...new Set(texts.join(''))]
    .filter((sign) => sign.codePointAt(0) > 0x7F && /[^\\p{Z}\\p{Cc}\\p{Cf}]/u.test(sign))
    .filter((sign) => missing.has(drawn(sign)));
}
"""


def missing_glyphs(page: Page) -> list[str]:
    """The characters of the page as it stands that are shown as a box, each once, as `U+XXXX`."""
    return [f"U+{ord(sign):04X}" for sign in page.evaluate(_SCRIPT)]
