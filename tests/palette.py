"""Screenshots made small: PNG files of 256 colours, a third of the size, and WebP files of another width."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

# Colours are counted in buckets of 8 levels a channel; the 256 fullest make the palette, the others go to the nearest.
_SCRIPT = """
async (png) => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const { width, height } = picture;
  const pen = new OffscreenCanvas(width, height).getContext('2d');
  pen.drawImage(picture, 0, 0);
  const rgba = pen.getImageData(0, 0, width, height).data;
  const bucket = (at) => (rgba[at] >> 3 << 10) | (rgba[at + 1] >> 3 << 5) | (rgba[at + 2] >> 3);
  const sums = new Map();
  for (let at = 0; at < rgba.length; at += 4) {
    const key = bucket(at);
    const sum = sums.get(key) ?? [0, new Map()];
    const exact = (rgba[at] << 16) | (rgba[at + 1] << 8) | rgba[at + 2];
    sum[0] += 1;
    sum[1].set(exact, (sum[1].get(exact) ?? 0) + 1);
    sums.set(key, sum);
  }
  const common = (sum) => [...sum[1]].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
  const colours = [...sums.values()].sort((a, b) => b[0] - a[0]).slice(0, 256).map(common);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const palette = colours.map(parts);
  const nearest = new Map();
  for (const [key, sum] of sums) {
    const wanted = parts(common(sum));
    let best = 0, least = Infinity;
    palette.forEach((colour, index) => {
      const far = colour.reduce((total, level, channel) => total + (level - wanted[channel]) ** 2, 0);
      if (far < least) { least = far; best = index; }
    });
    nearest.set(key, best);
  }
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0, to = 0, at = 0; y < height; y += 1) {
    to += 1;
    for (let x = 0; x < width; x += 1, at += 4, to += 1) rows[to] = nearest.get(bucket(at));
  }
  let text = '';
  for (let at = 0; at < rows.length; at += 32768) text += String.fromCharCode(...rows.subarray(at, at + 32768));
  return { width, height, palette: palette.flat(), rows: btoa(text) };
}
"""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def shrink(blank: Page, png: bytes) -> bytes:
    """The same picture with a palette; `blank` is any page without a content policy."""
    found = blank.evaluate(_SCRIPT, base64.b64encode(png).decode())
    head = struct.pack(">IIBBBBB", found["width"], found["height"], 8, 3, 0, 0, 0)
    rows = zlib.compress(base64.b64decode(found["rows"]), 9)
    chunks = ((b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


_WEBP = """
async ([png, width, heightMax]) => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const scale = width / picture.width;
  const height = Math.min(Math.round(picture.height * scale), heightMax);
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, picture.width, height / scale, 0, 0, width, height);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.72 })).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
"""


def as_webp(blank: Page, png: bytes, *, width: int, height_max: int) -> bytes:
    """The picture's upper part in another width; `blank` as above."""
    return base64.b64decode(blank.evaluate(_WEBP, [base64.b64encode(png).decode(), width, height_max]))
