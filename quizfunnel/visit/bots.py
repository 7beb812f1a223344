"""Bot detection by headers: crawlers, prefetches and driven browsers are no shoppers; pure."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from quizfunnel.settings import Settings

_LONGEST_AGENT = 512  # the crawler list's patterns take most of a second over 64 KB
_DRIVEN = ("headless", "phantomjs", "puppeteer", "playwright", "selenium", "webdriver", "cypress", "jsdom")
_SEARCH = frozenset({"google", "bing", "duckduckgo", "ecosia", "qwant", "yahoo", "baidu", "yandex", "startpage"})
_SOCIAL = frozenset(
    {"facebook", "instagram", "tiktok", "pinterest", "reddit", "youtube", "linkedin", "threads", "twitter"}
)
_SHORTENED = frozenset({"t.co", "x.com", "fb.com", "fb.me", "lnkd.in", "pin.it", "youtu.be", "redd.it"})
_EMAIL = frozenset({"mail.google.com", "outlook.live.com", "outlook.office.com", "mail.yahoo.com"})
_MEDIA = (
    dict.fromkeys(("cpc", "ppc", "paid", "paidsearch", "paid_search", "paid_social", "display", "cpm"), "paid")
    | dict.fromkeys(("email", "e-mail", "newsletter"), "email")
    | dict.fromkeys(("social", "organic_social"), "social")
    | {"organic": "search", "referral": "referral"}
)


def kind(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return ``("bot", reason)`` for a request flagged before any outcome is known, else ``("shopper", "")``."""
    purpose = f"{headers.get('Sec-Purpose', '')} {headers.get('Purpose', '')} {headers.get('X-Moz', '')}".lower()
    if "prefetch" in purpose or "prerender" in purpose:
        return "bot", "prefetch"
    return _by_agent(headers.get("User-Agent", "")[:_LONGEST_AGENT])


def device(agent: str, mobile_hint: str | None) -> str:
    """Return phone, tablet or desktop, as coarse as the headers allow."""
    lowered = agent.lower()
    if "ipad" in lowered or "tablet" in lowered or ("android" in lowered and "mobile" not in lowered):
        return "tablet"
    if mobile_hint == "?1" or "mobi" in lowered or "iphone" in lowered:
        return "phone"
    return "desktop"


def channel(url: str, referrer: str, own_hosts: Collection[str]) -> str:
    """Return how a visit came about: paid, email, search, social, referral or direct."""
    try:
        medium = parse_qs(urlsplit(url).query).get("utm_medium", [""])[0].lower()
        host = (urlsplit(referrer).hostname or "").removeprefix("www.")
    except ValueError:
        return "direct"
    if medium in _MEDIA:
        return _MEDIA[medium]
    if not host or host in own_hosts or f"www.{host}" in own_hosts:
        return "direct"
    return "email" if host in _EMAIL else _by_site(host)


def own_hosts(here: str, settings: Settings) -> tuple[str, ...]:
    """Return the hosts from which nobody comes anew: that of this request's address, and the shop's."""
    named = (here, settings.shop_url, *settings.shop.origins)
    return (*(urlsplit(url).hostname or "" for url in named), *settings.shop_hosts)


def _by_site(host: str) -> str:
    # By whole labels, the last one being the country's: `google.co.uk` is Google, `climbing.com` not Bing.
    labels = frozenset(host.split(".")[:-1])
    if labels & _SEARCH:
        return "search"
    return "social" if labels & _SOCIAL or host in _SHORTENED else "referral"


@lru_cache(maxsize=4096)
def _by_agent(agent: str) -> tuple[str, str]:
    if not agent.strip():
        return "bot", "no user agent"
    lowered = agent.lower()
    driven = next((name for name in _DRIVEN if name in lowered), None)
    if driven:
        return "bot", f"driven browser: {driven}"
    from crawlerdetect import CrawlerDetect

    detect = CrawlerDetect(user_agent=agent)
    return ("bot", "crawler list") if detect.isCrawler() else ("shopper", "")
