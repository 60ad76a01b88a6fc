"""The service worker in a real browser: registered at the root, and what a push message becomes there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

from tasks_app.models import User
from tests.browser.conftest import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unhashed_static_files")]

WORKER = "navigator.serviceWorker.ready.then(({ scope, active }) => arguments[0]([scope, active.scriptURL]))"
SHOWN = """
const [tag, done] = arguments;
navigator.serviceWorker.ready.then(async (registration) => {
  const [shown] = await registration.getNotifications({ tag });
  done(shown ? [shown.title, shown.body, shown.data.url, shown.actions.map(({ title }) => title)] : null);
});
"""
REGISTRATION_ID = "0"
"""Of the first service worker of a fresh profile."""


def test_a_push_message_is_shown(live_server: LiveServer, open_browser: OpenBrowser) -> None:
    client = Client()
    client.force_login(User.objects.create_user("ann"))
    browser = open_browser()
    browser.get(f"{live_server.url}/service-worker.js")
    browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
    browser.execute_cdp_cmd("Browser.grantPermissions", {"origin": live_server.url, "permissions": ["notifications"]})
    browser.get(live_server.url)
    WebDriverWait(browser, 30, 0.1).until(
        lambda page: page.execute_script("return document.querySelector('#push').dataset.state") == "off"
    )
    assert browser.execute_async_script(WORKER) == [f"{live_server.url}/", f"{live_server.url}/service-worker.js"]

    buttons = [{"action": "done", "title": "Done", "url": "/push/act/x/"}]
    told = {"title": "Call mum", "body": "17:00", "tag": "n1", "url": "/#task-1", "actions": buttons}
    browser.execute_cdp_cmd("ServiceWorker.enable", {})
    message = {"origin": f"{live_server.url}/", "registrationId": REGISTRATION_ID, "data": json.dumps(told)}

    def shown_once_delivered(page: Chrome) -> Any:
        # A worker that has only just begun may miss a message; with the same tag another one takes its place.
        page.execute_cdp_cmd("ServiceWorker.deliverPushMessage", message)
        return page.execute_async_script(SHOWN, "n1")

    shown = WebDriverWait(browser, 30, 0.5).until(shown_once_delivered)
    assert shown == ["Call mum", "17:00", "/#task-1", ["Done"]]
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE" and "push" in line["message"]]
