"""Secrets of order sources in rotation: new,old, as every key of a deployment can be written; pure."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from quizfunnel.kit.signing import SHORTEST_KEY
from quizfunnel.orders.sources.source import RefusalReason


def each_secret(setting: str) -> tuple[str, ...]:
    """Return the secrets of a setting: the parts between its commas, and the whole where a part is no secret.

    Platforms make secrets with commas in them. A part below sixteen letters would be a key that can be guessed. White
    space around it came along with the copying.
    """
    setting = setting.strip()
    parts = [part.strip() for part in setting.split(",")]
    if len(parts) > 1 and all(len(part) >= SHORTEST_KEY for part in parts):
        return (*parts, setting)
    return (setting,)


def refuse_keys(setting: str, beginnings: Sequence[str], remedy: str) -> None:
    """Raise ValueError, with the remedy, for a key to a platform's own interface in place of its secret."""
    for secret in each_secret(setting):
        beginning = next((each for each in beginnings if secret.startswith(each)), None)
        if beginning:
            raise ValueError(f"is a key that begins with {beginning}, by which nothing is signed; {remedy}")


class Base64Hmac:
    """Signatures in base64 of an HMAC-SHA256 over the body alone, as Shopify and WooCommerce make them."""

    def __init__(self, setting: str) -> None:
        """Take the secret, whatever text it is, or new,old."""
        self._secrets = each_secret(setting)

    def refusal(self, body: bytes, signature: str | None) -> RefusalReason | None:
        """Return why the signature does not hold, None where one of the secrets made it; in constant time."""
        if not signature:
            return RefusalReason.UNSIGNED
        return None if self.signer(body, signature) else RefusalReason.SIGNATURE

    def signer(self, body: bytes, signature: str | None) -> str | None:
        """Return the secret that made the signature, None where none did."""
        sent = (signature or "").encode("utf-8", "replace")
        made = [base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)) for secret in self._secrets]
        return first_match(self._secrets, [hmac.compare_digest(expected, sent) for expected in made])


def first_match(secrets: Sequence[str], right: Sequence[bool]) -> str | None:
    """Return the first secret of those that were found right; all were compared before, so that time tells nothing."""
    return next((secret for secret, is_right in zip(secrets, right, strict=True) if is_right), None)
