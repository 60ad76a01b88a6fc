"""Requests to addresses that people type: where they may go, and how long they may take."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from ipaddress import ip_network

import pytest

from tests.fakes.webhook_receiver import WebhookReceiver
from voicebot.outward.addresses import Guard, OutwardAddressRefused, OutwardUrlInvalid, Resolver
from voicebot.outward.sending import ANSWER_BYTES, OutwardTimeout, OutwardUnreachable, post

LOOPBACK = (ip_network("127.0.0.0/8"),)
PUBLIC = "93.184.216.34"


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    yield receiver
    receiver.stop()


def to(*addresses: str) -> Resolver:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def guard_for(port: int, resolver: Resolver | None = None) -> Guard:
    return Guard(
        resolver=resolver or to("127.0.0.1"),
        ports=frozenset({port}),
        allows_http=True,
        allowed_networks=LOOPBACK,
    )


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "192.0.0.192", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "192.88.99.1", "168.63.129.16", "198.18.0.1", "203.0.113.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1", "fec0::1", "nonsense",
    ],
)  # fmt: skip
def test_what_is_not_of_the_internet_is_refused(address: str) -> None:
    for found in ((address,), (PUBLIC, address)):
        with pytest.raises(OutwardAddressRefused):
            Guard(resolver=to(*found)).addresses("receiver.example", 443)


def test_numbers_are_checked_without_asking_anybody() -> None:
    assert Guard(resolver=to()).addresses("2606:2800:220:1::1", 443) == ["2606:2800:220:1::1"]
    with pytest.raises(OutwardAddressRefused):
        Guard(resolver=to(PUBLIC)).addresses("127.0.0.1", 443)


def test_a_name_of_nothing_is_refused_alike() -> None:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(OutwardAddressRefused):
        Guard(resolver=resolve).addresses("nobody.example", 443)
    assert Guard(resolver=to(PUBLIC)).addresses("receiver.example", 443) == [PUBLIC]


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/", "ftp://receiver.example/", "https://", "https:///x", "receiver.example", "",
        "https://receiver.example:22/", "https://receiver.example:0/", "https://receiver.example:99999/",
        "https://user@receiver.example/", "https://user:word@receiver.example/", "https://receiver.example/#part",
        "https://receiver.example\\@other.example/", "https://re ceiver.example/", "https://receiver.example/\r\nX: y",
        "https://bücher.example/", "https://-.example/", "https://[::1/", "https://a..b/", "https://%31.example/",
        "https://[fe80::1%25eth0]/", "https://receiver.example/" + "x" * 500,
    ],
)  # fmt: skip
def test_what_is_no_address_to_send_to(url: str) -> None:
    with pytest.raises(OutwardUrlInvalid):
        Guard().read(url)


def test_address_in_parts() -> None:
    target = Guard(ports=frozenset({8443})).read("https://Receiver.example:8443/a/b?c=d")
    assert (target.host, target.port, target.path) == ("receiver.example", 8443, "/a/b?c=d")
    assert target.host_header == "receiver.example:8443"
    assert Guard().read("https://[2606:2800::1]").host_header == "[2606:2800::1]"


def test_a_request_names_its_host_and_keeps_a_little_of_the_answer(receiver: WebhookReceiver) -> None:
    receiver.body = b"\xff\x00" + b"x" * 100_000
    url = f"http://receiver.example:{receiver.port}/in?a=b"
    answer = post(guard_for(receiver.port), url, {"X-One": "1"}, b"{}", seconds=5)
    (got,) = receiver.got
    assert (got.path, got.body, got.headers["x-one"]) == ("/in?a=b", b"{}", "1")
    assert got.headers["host"] == f"receiver.example:{receiver.port}"
    assert (answer.status, len(answer.start)) == (204, 0)
    receiver.answers = [200]
    answer = post(guard_for(receiver.port), url, {}, b"{}", seconds=5)
    assert answer.start == "\N{REPLACEMENT CHARACTER}" * 2 + "x" * (ANSWER_BYTES - 2)


def test_no_redirect_is_followed_and_no_proxy_asked(receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    receiver.answers = [307]
    answer = post(guard_for(receiver.port), f"http://receiver.example:{receiver.port}/", {}, b"{}", seconds=5)
    assert answer.status == 307
    assert len(receiver.got) == 1


def test_a_name_that_turns_inward_is_not_followed(receiver: WebhookReceiver) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]

    def rebinding(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    guard = Guard(resolver=rebinding, ports=frozenset({receiver.port}), allows_http=True)
    assert guard.addresses("receiver.example", receiver.port) == [PUBLIC]
    with pytest.raises(OutwardAddressRefused):
        post(guard, f"http://receiver.example:{receiver.port}/", {}, b"{}", seconds=5)
    assert not receiver.got


def test_a_connection_goes_to_what_was_checked(receiver: WebhookReceiver) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    post(guard_for(receiver.port, resolve), f"http://receiver.example:{receiver.port}/", {}, b"{}", seconds=5)
    assert asked == ["receiver.example"]


def _hang_up(server: socket.socket) -> None:
    server.accept()[0].close()


def test_nobody_there_and_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = threading.Thread(target=_hang_up, args=(server,))
        thread.start()
        with pytest.raises(OutwardUnreachable):
            post(guard_for(port), f"http://receiver.example:{port}/", {}, b"{}", seconds=5)
        thread.join()
    with pytest.raises(OutwardUnreachable):
        post(guard_for(port), f"http://receiver.example:{port}/", {}, b"{}", seconds=5)


def test_an_answer_that_drips_is_cut_off_at_its_end() -> None:
    is_over = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not is_over.wait(0.02):
                try:
                    connection.sendall(b"X-A: b\r\n")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        with pytest.raises(OutwardTimeout):
            post(guard_for(port), f"http://receiver.example:{port}/", {}, b"{}", seconds=0.3)
        is_over.set()
        thread.join()
