"""Who is no shopper: crawlers, prefetches and driven browsers, told by their headers; pure."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

_DRIVEN = ("headlesschrome", "phantomjs", "puppeteer", "playwright", "selenium", "webdriver")
_SEARCH = ("google.", "bing.", "duckduckgo.", "ecosia.", "qwant.", "yahoo.", "baidu.", "yandex.")
_SOCIAL = ("facebook.", "instagram.", "t.co", "tiktok.", "pinterest.", "reddit.", "youtube.", "linkedin.", "threads.")
_MEDIA = dict.fromkeys(("cpc", "ppc", "paid", "paidsearch", "paid_social", "display", "cpm"), "paid") | dict.fromkeys(
    ("email", "e-mail", "newsletter"), "email"
)


def kind(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return ``("bot", why)`` for who is flagged before any outcome is known, else ``("shopper", "")``."""
    purpose = f"{headers.get('Sec-Purpose', '')} {headers.get('Purpose', '')} {headers.get('X-Moz', '')}".lower()
    if "prefetch" in purpose or "prerender" in purpose:
        return "bot", "prefetch"
    return _by_agent(headers.get("User-Agent", ""))


def device(agent: str, mobile_hint: str | None) -> str:
    """Return phone, tablet or desktop, as coarse as the headers allow."""
    lowered = agent.lower()
    if "ipad" in lowered or "tablet" in lowered or ("android" in lowered and "mobile" not in lowered):
        return "tablet"
    if mobile_hint == "?1" or "mobi" in lowered or "iphone" in lowered:
        return "phone"
    return "desktop"


def channel(url: str, referrer: str, own_host: str) -> str:
    """Return how a visit came about: paid, email, search, social, referral or direct."""
    medium = parse_qs(urlsplit(url).query).get("utm_medium", [""])[0].lower()
    if medium in _MEDIA:
        return _MEDIA[medium]
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        host = ""
    if not host or host == own_host:
        return "direct"
    if any(name in host for name in _SEARCH):
        return "search"
    return "social" if any(name in host for name in _SOCIAL) else "referral"


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
