"""A process of its own that speaks one text with eSpeak NG, whose library keeps its state in globals.

Run as a file, with a language: text comes in as UTF-8, and out come the rate as four bytes and the samples, all little
endian and 16 bit. It imports nothing of this program.
"""

from __future__ import annotations

import ctypes
import struct
import sys

import espeakng_loader

_RETRIEVAL = 1
_POSITION_IN_CHARACTERS = 1
_UTF8 = 1
_OK = 0
_WORDS_A_MINUTE = 165
_RATE_PARAMETER = 1
"""As in ``speak_lib.h``."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def speak(text: bytes, language: str) -> tuple[int, bytes]:
    """The rate and the samples of a text.

    Raises:
        SystemExit: There is no such voice, or the library fails.
    """
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Synth.argtypes = (
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    rate = library.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0 or library.espeak_SetVoiceByName(language.encode()) != _OK:
        sys.exit(1)
    samples = bytearray()

    def keep(sound: ctypes._Pointer[ctypes.c_short], count: int, _events: object) -> int:
        if sound and count > 0:
            samples.extend(ctypes.string_at(sound, count * 2))
        return 0

    callback = _Callback(keep)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetParameter(_RATE_PARAMETER, _WORDS_A_MINUTE, 0)
    if library.espeak_Synth(text + b"\0", len(text) + 1, 0, _POSITION_IN_CHARACTERS, 0, _UTF8, None, None) != _OK:
        sys.exit(1)
    library.espeak_Synchronize()
    return rate, bytes(samples)


if __name__ == "__main__":
    found_rate, found = speak(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.buffer.write(struct.pack("<I", found_rate) + found)
