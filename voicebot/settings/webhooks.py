"""Where the addresses that people have events sent to may lie."""

from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from voicebot.env import read_bool, read_list

WEBHOOK_ALLOW_HTTP = read_bool("WEBHOOK_ALLOW_HTTP", default=False)
WEBHOOKS_FOR_EACH = 20
WEBHOOK_RESOLVER = "voicebot.outward.addresses.resolve"

try:
    WEBHOOK_PORTS = [int(port) for port in read_list("WEBHOOK_PORTS", ["443"])]
    WEBHOOK_ALLOWED_NETWORKS = [ip_network(each) for each in read_list("WEBHOOK_ALLOWED_NETWORKS", [])]
except ValueError as error:
    raise ImproperlyConfigured(
        "WEBHOOK_PORTS takes numbers and WEBHOOK_ALLOWED_NETWORKS networks such as 10.0.0.0/8, separated by commas."
    ) from error
