"""Consent on the shop's pages: whether a visitor may be remembered, by the shop's own banner; pure.

It is settled before t0 and alike in both arms: who opens a quiz was invited, so a consent that the quiz asked for
would let one arm alone into the experiment.
"""

from quizfunnel.settings import Shop
from quizfunnel.shop.messages import Said


def may_remember(mode: str, shop: Shop, said: Said, *, cookie: str | None, opted_out: bool) -> bool:
    """Tell whether a visitor may be remembered.

    `mode` is the setting `consent`; `cookie` holds what the visitor answered on a page of the quiz, whose no stands
    above a banner's yes, as `opted_out`, the browser's own no (Sec-GPC), stands above everything. In the mode `ask`
    a yes counts where a banner is configured.
    """
    if opted_out or said == "no" or cookie == "no":
        return False
    return mode == "off" or (said == "yes" and shop.hears_consent)
