"""Encryption of dumps: a file that nobody reads without the pass phrase, and whose every change is noticed.

    magic (8 bytes) | salt (16) | check (16) | chunks

The pass phrase becomes a key by scrypt. Chunks of 1 MiB are encrypted with AES-256-GCM; the nonce of each is its number
and whether it is the last, so that none can be left out, doubled, moved or cut off. `check` tells a wrong pass phrase
from a damaged file. Reading decrypts the chunk that is asked for: nothing in clear ever touches the disk.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import stat
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.upkeep.errors import DumpDamaged, DumpKeyMissing, DumpKeyUnfit, DumpKeyWrong

MAGIC = b"YZDUMP1\n"
SALT_BYTES = 16
CHECK_BYTES = 16
HEADER_BYTES = len(MAGIC) + SALT_BYTES + CHECK_BYTES
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
# 64 MiB and a fraction of a second for each guess.
SCRYPT = {"n": 1 << 16, "r": 8, "p": 1, "maxmem": 128 * 1024 * 1024, "dklen": 64}
PHRASE_LENGTH_MIN = 16


def phrase_from(path: Path) -> bytes:
    """The pass phrase in a key file: its first line, for its owner's eyes only. Raises DumpKeyUnfit."""
    try:
        mode = path.stat().st_mode
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DumpKeyUnfit(f"{path}: {error.strerror}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise DumpKeyUnfit(f"{path} can be read by others: chmod 600")
    phrase = lines[0].strip() if lines else b""
    if len(phrase) < PHRASE_LENGTH_MIN:
        raise DumpKeyUnfit(f"{path}: the first line has fewer than {PHRASE_LENGTH_MIN} characters")
    return phrase


def is_encrypted(path: Path) -> bool:
    """Whether the file begins as an encrypted dump does; False for one that cannot be read."""
    try:
        with path.open("rb") as held:
            return held.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def _keys(phrase: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    made = hashlib.scrypt(phrase, salt=salt, **SCRYPT)
    check = hmac.new(made[32:], MAGIC + salt, hashlib.sha256).digest()[:CHECK_BYTES]
    return AESGCM(made[:32]), check


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class EncryptingWriter(io.RawIOBase):
    """A stream that encrypts what is written into it; whole once `finish` was called."""

    def __init__(self, out: IO[bytes], phrase: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        self._cipher, check = _keys(phrase, salt)
        self._header = MAGIC + salt + check
        self._out = out
        self._held = bytearray()
        self._number = 0
        self._written = 0
        out.write(self._header)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held += data
        self._written += len(data)
        # One chunk stays behind: only the end says which is the last.
        while len(self._held) > CHUNK_BYTES:
            self._put(bytes(self._held[:CHUNK_BYTES]), last=False)
            del self._held[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1


class DecryptingReader(io.RawIOBase):
    """An encrypted file as the bytes it was made of, to be read at any place.

    Raises DumpKeyMissing, DumpKeyWrong when opened, DumpDamaged where a chunk is not what was written.
    """

    def __init__(self, raw: IO[bytes], phrase: bytes | None) -> None:
        self._raw = raw
        header = raw.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
            raise DumpDamaged("not an encrypted dump")
        if phrase is None:
            raise DumpKeyMissing("the file is encrypted: name the key file")
        self._header = header
        self._cipher, check = _keys(phrase, header[len(MAGIC) : len(MAGIC) + SALT_BYTES])
        if not hmac.compare_digest(check, header[-CHECK_BYTES:]):
            raise DumpKeyWrong("the key file does not hold this file's pass phrase")
        body = raw.seek(0, os.SEEK_END) - HEADER_BYTES
        self._chunks = max(1, -(-body // (CHUNK_BYTES + TAG_BYTES)))
        self._size = body - self._chunks * TAG_BYTES
        self._at = 0
        self._kept: tuple[int, bytes] = (-1, b"")
        # The end first: a file cut off between two chunks shows here.
        self._chunk(self._chunks - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        number, start = divmod(self._at, CHUNK_BYTES)
        if self._at >= self._size or number >= self._chunks:
            return 0
        found = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _chunk(self, number: int) -> bytes:
        if self._kept[0] != number:
            self._raw.seek(HEADER_BYTES + number * (CHUNK_BYTES + TAG_BYTES))
            sealed = self._raw.read(CHUNK_BYTES + TAG_BYTES)
            try:
                clear = self._cipher.decrypt(_nonce(number, last=number == self._chunks - 1), sealed, self._header)
            except (InvalidTag, ValueError) as error:
                raise DumpDamaged(f"the encrypted file is damaged or cut off (part {number + 1})") from error
            self._kept = (number, clear)
        return self._kept[1]
