"""Where the addresses may lie that people have something sent to: their webhooks, and their browsers' push services."""

from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from voicebot.env import read_bool, read_list

OUTWARD_ALLOW_HTTP = read_bool("OUTWARD_ALLOW_HTTP", default=False)
OUTWARD_RESOLVER = "voicebot.outward.addresses.resolve"

try:
    OUTWARD_PORTS = [int(port) for port in read_list("OUTWARD_PORTS", ["443"])]
    OUTWARD_ALLOWED_NETWORKS = [ip_network(each) for each in read_list("OUTWARD_ALLOWED_NETWORKS", [])]
except ValueError as error:
    raise ImproperlyConfigured(
        "OUTWARD_PORTS takes numbers and OUTWARD_ALLOWED_NETWORKS networks such as 10.0.0.0/8, separated by commas."
    ) from error
