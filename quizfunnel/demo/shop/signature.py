"""Signature of a webhook, as the Standard Webhooks specification 1.0 has it; pure."""

import base64
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


def signed_headers(secret: str, *, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that a message is sent with: its id, when this try was made, and the signature of both."""
    key, timestamp = base64.b64decode(secret.removeprefix(PREFIX)), str(int(at.timestamp()))
    mac = hmac.digest(key, f"{message}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(mac).decode("ascii"),
    }
