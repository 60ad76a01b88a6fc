"""A headless Chromium whose microphone plays a sample."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import imageio_ffmpeg
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--force-prefers-reduced-motion",
)  # fmt: skip

OpenBrowser = Callable[..., webdriver.Chrome]


@pytest.fixture
def open_browser(browser_path: str, tmp_path: Path) -> Iterator[OpenBrowser]:
    """Opens browsers that are closed at the end; it takes what the microphone plays, the size and the theme."""
    with ExitStack() as stack:

        def open_one(
            sample: str = "call-mom.ogg",
            size: tuple[int, int] = (1100, 900),
            *,
            is_dark: bool = False,
            may_listen: bool = True,
        ) -> webdriver.Chrome:
            sound = _fake_microphone(SAMPLES / sample, tmp_path / "microphone.wav")
            flags = [*FLAGS, f"--window-size={size[0]},{size[1]}", "--use-fake-device-for-media-stream"]
            flags += [f"--use-file-for-fake-audio-capture={sound}%noloop"]
            flags += ["--use-fake-ui-for-media-stream"] if may_listen else ["--deny-permission-prompts"]
            return stack.enter_context(_browser(browser_path, tmp_path / f"profile{is_dark}{size[0]}", flags, is_dark))

        yield open_one


@contextmanager
def _browser(path: str, profile: Path, flags: list[str], is_dark: bool) -> Iterator[webdriver.Chrome]:
    options = Options()
    options.binary_location = path
    for flag in [*flags, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        theme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [theme]})
        yield driver
    finally:
        driver.quit()


def _fake_microphone(sample: Path, target: Path) -> Path:
    """The sample as a 16-bit WAV, with a pause before it, since the browser starts to play before anyone listens."""
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(sample)),
        *("-af", "adelay=700,apad=pad_dur=0.5", "-ac", "1", "-ar", "48000", "-c:a", "pcm_s16le", str(target)),
    ]
    subprocess.run(command, check=True)
    return target


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures of the page go: the folder that ``SCREENSHOTS`` names, else one that is thrown away."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
