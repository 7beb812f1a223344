"""Foreign files: what a file is that no reader takes, by its first bytes, and what to export in its place; pure."""

import json

_BEFORE = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and white space
_PAGE = (b"<!doctype html", b"<html")
_ZIP, _GZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF"


def refusal(body: bytes) -> str:
    """Return what a file is and what to do, empty where it may be a catalogue."""
    if says := _packed(body):
        return says
    if body.startswith(_PDF):
        return "this is a PDF; export the products as CSV"
    start = body[:4096].lstrip(_BEFORE)
    if start[:20].lower().startswith(_PAGE):
        return "this is a web page, perhaps a sign-in or an error; export the products again, as CSV or as a feed"
    return _json_refusal(body) if start.startswith((b"{", b"[")) else ""


def _packed(body: bytes) -> str:
    """Return what a workbook or another packed file is and what to do, empty for any other."""
    if not body.startswith((_ZIP, _GZIP, _OLD_EXCEL)):
        return ""
    kind = "an old Excel workbook" if body.startswith(_OLD_EXCEL) else _workbook(body[:4096])
    if kind:
        return f"this is {kind}, not a table of text; save the sheet as “CSV UTF-8” and name that file"
    kind = "a gzip file" if body.startswith(_GZIP) else "a zip file"
    return f"this is {kind}, not a table of text; unpack it, and name the CSV that is in it"


def _workbook(head: bytes) -> str:
    """Return which program's workbook a zip file is, empty where it is another one."""
    if b"xl/" in head or b"[Content_Types].xml" in head:
        return "an Excel workbook"
    return "an OpenDocument workbook" if b"opendocument.spreadsheet" in head else ""


def _json_refusal(body: bytes) -> str:
    """Return what a JSON file is: one value, one a line, or one that is cut off; empty for any other."""
    text = body.decode("utf-8-sig", "replace").strip()
    kind = "JSON"
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text) - 1 or error.msg.startswith("Unterminated")
        if error.msg != "Extra data" and not is_cut:
            return ""
        kind = "JSON with a value a line" if error.msg == "Extra data" else "JSON that is cut off"
    except (ValueError, RecursionError):
        return ""
    return f"this is {kind}, which is not read; export the products as CSV, or write them as a list in YAML"
