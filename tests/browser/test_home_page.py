"""The page of the really running system in a real browser: sign in, type, tick, undo, speak."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.conftest import OpenBrowser
from tests.system import System

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 60
SAMPLE_SECONDS = 3.0


def wait_until(browser: Chrome, condition: Callable[[Chrome], object]) -> object:
    return WebDriverWait(browser, PATIENCE_SECONDS, 0.1).until(condition)


def text_of(browser: Chrome, selector: str) -> str:
    """The text of all that matches, read in one step, since the page may put the list in place meanwhile."""
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')"
    return str(browser.execute_script(script, selector))


def wait_for_text(browser: Chrome, selector: str, text: str) -> None:
    try:
        wait_until(browser, lambda page: text.casefold() in text_of(page, selector).casefold())
    except TimeoutException:
        pytest.fail(f"{text!r} is not in {selector!r} of {browser.current_url}: {text_of(browser, 'body')[:500]!r}")


def sign_in(browser: Chrome, system: System, user: str | None = None) -> None:
    browser.get(system.sign_in_link(user or system.new_user()[0]))
    browser.find_element(By.ID, "sign-in").click()
    wait_until(browser, lambda page: page.execute_script("return document.body.dataset.feed") == "open")


def type_command(browser: Chrome, text: str) -> None:
    box = browser.find_element(By.ID, "text")
    box.send_keys(text, Keys.ENTER)


def complaints(browser: Chrome) -> list[str]:
    """What the browser found wrong, such as a blocked script."""
    return [line["message"] for line in browser.get_log("browser") if line["level"] == "SEVERE"]


def test_typed_ticked_and_undone(running_system: System, open_browser: OpenBrowser, shots: Path) -> None:
    browser = open_browser()
    sign_in(browser, running_system)
    wait_for_text(browser, "#list", "Nothing to do yet")
    browser.save_screenshot(str(shots / "empty.png"))

    type_command(browser, "call mum tomorrow at 5 pm")
    wait_for_text(browser, ".group-upcoming", "call mum")
    wait_for_text(browser, ".group-upcoming time", "Tomorrow 17:00")
    wait_for_text(browser, "#receipts", "Added")
    browser.save_screenshot(str(shots / "typed.png"))

    box = browser.find_element(By.ID, "query")
    box.send_keys("mum")
    wait_for_text(browser, ".group-found mark", "mum")
    box.send_keys(Keys.ESCAPE, "xyzzy", Keys.ENTER)
    wait_for_text(browser, "#list", "Nothing found for “xyzzy”")
    box.send_keys(Keys.ESCAPE)
    wait_for_text(browser, ".group-upcoming", "call mum")

    browser.find_element(By.CSS_SELECTOR, ".group-upcoming input").click()
    wait_for_text(browser, ".group-done", "call mum")
    browser.find_element(By.CSS_SELECTOR, "#receipts .receipt button").click()
    wait_for_text(browser, ".group-upcoming", "call mum")
    wait_for_text(browser, "#receipts", "Undone")
    assert complaints(browser) == []


@pytest.mark.speech
def test_spoken(running_system: System, open_browser: OpenBrowser, shots: Path) -> None:
    browser = open_browser("call-mom.ogg")
    sign_in(browser, running_system)

    microphone = browser.find_element(By.ID, "microphone")
    microphone.click()
    wait_for_text(browser, "#live", "Listening")
    browser.save_screenshot(str(shots / "listening.png"))
    started = browser.execute_script("return performance.now()")
    wait_until(
        browser,
        lambda page: page.execute_script("return performance.now() - arguments[0]", started) > 1000 * SAMPLE_SECONDS,
    )
    microphone.click()

    wait_for_text(browser, "#receipts", "Call Mom tomorrow")
    wait_for_text(browser, ".group-upcoming", "Call Mom")
    wait_for_text(browser, ".group-upcoming time", "17:00")
    assert complaints(browser) == []


def test_what_happens_elsewhere_shows_at_once(running_system: System, open_browser: OpenBrowser) -> None:
    name, token = running_system.new_user()
    browser = open_browser()
    sign_in(browser, running_system, name)

    running_system.post_json("/api/v1/voice/commands/", {"text": "buy milk"}, token)

    wait_for_text(browser, ".group-no-date", "buy milk")


def test_without_a_microphone_the_page_says_so_and_typing_works(
    running_system: System, open_browser: OpenBrowser
) -> None:
    browser = open_browser(may_listen=False)
    sign_in(browser, running_system)

    browser.find_element(By.ID, "microphone").send_keys(Keys.SPACE)
    wait_for_text(browser, "#problem", "does not let this page use the microphone")

    type_command(browser, "buy bread")
    wait_for_text(browser, ".group-no-date", "buy bread")


def test_the_link_signs_in_once(running_system: System, open_browser: OpenBrowser) -> None:
    link = running_system.sign_in_link(running_system.new_user()[0])
    browser = open_browser()
    for _ in range(2):
        browser.get(link)
        assert browser.find_element(By.TAG_NAME, "h1").text == "Welcome"
    browser.find_element(By.ID, "sign-in").click()
    wait_for_text(browser, "h1", "Your tasks")

    browser = open_browser(size=(900, 900))
    browser.get(link)
    browser.find_element(By.ID, "sign-in").click()
    wait_for_text(browser, "h1", "does not work any more")


@pytest.mark.parametrize(("name", "size", "is_dark"), [("phone", (390, 844), False), ("dark", (1100, 900), True)])
def test_it_fits_and_everything_has_a_name(
    running_system: System, open_browser: OpenBrowser, shots: Path, name: str, size: tuple[int, int], is_dark: bool
) -> None:
    user, token = running_system.new_users(1, timezone="Europe/Berlin", is_staff=True)[0]
    for text in ("pay the rent today", "call mum tomorrow at 5 pm urgent", "buy " + "very " * 20 + "ripe bananas"):
        running_system.post_json("/api/v1/voice/commands/?wait=30", {"text": text}, token)
    browser = open_browser(size=size, is_dark=is_dark)
    sign_in(browser, running_system, user)
    wait_for_text(browser, "#list", "bananas")
    type_command(browser, "add eggs")
    wait_for_text(browser, "#receipts", "eggs")
    height = browser.execute_script("return document.documentElement.scrollHeight")
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.save_screenshot(str(shots / f"{name}.png"))

    width = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, "the page is wider than the window"
    assert browser.execute_script(NAMELESS) == []
    assert browser.execute_script("return document.querySelectorAll('h1').length") == 1
    assert browser.execute_script("return document.documentElement.lang") == "en"
    assert browser.execute_script(LOW_CONTRAST) == []


NAMELESS = """
return [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')].filter(element => {
  const labels = [...(element.labels ?? [])].map(label => label.innerText).join('');
  return !(element.getAttribute('aria-label') || labels || (element.tagName !== 'INPUT' && element.innerText)).trim();
}).map(element => element.outerHTML);
"""

LOW_CONTRAST = """
const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
const luminance = colour => {
  const [r, g, b] = numbers(colour).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if ((numbers(colour)[3] ?? 1) > 0) return colour;
  }
  return 'rgb(255, 255, 255)';
};
return [...document.querySelectorAll('body *')].filter(element =>
  element.checkVisibility() && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
).map(element => {
  const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 120)];
}).filter(([ratio]) => ratio < 4.5);
"""
