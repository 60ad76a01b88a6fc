"""The pages that show the schema, in a real browser under the site's own content policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.conftest import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unhashed_static_files")]


@pytest.mark.parametrize(
    ("page", "shown"), [("docs", "/api/v1/voice/commands/"), ("redoc", "Put a task into the trash")]
)
def test_the_schema_is_shown_and_nothing_is_blocked(
    live_server: LiveServer, open_browser: OpenBrowser, shots: Path, page: str, shown: str
) -> None:
    browser = open_browser()
    browser.get(f"{live_server.url}/{page}")
    WebDriverWait(browser, 60, 0.2).until(
        lambda seen: shown in str(seen.execute_script("return document.body.textContent"))
    )
    browser.save_screenshot(str(shots / f"{page}.png"))
    assert not [line for line in browser.get_log("browser") if line["level"] in {"SEVERE", "WARNING"}]
