"""Minified sources: stylesheets and scripts without their comments and blanks, for the wire alone; pure."""

import rcssmin
import rjsmin


def minified(name: str, source: bytes) -> bytes:
    """Return a stylesheet or script that does the same and is shorter; any other file as it is."""
    if name.endswith(".css"):
        return str(rcssmin.cssmin(source.decode())).encode()
    if name.endswith(".js") and not name.endswith(".min.js"):
        return str(rjsmin.jsmin(source.decode())).encode()
    return source
