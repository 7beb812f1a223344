"""Foreign files: what a file is that no reader takes, by its first bytes, and what to export in its place; pure."""

import json

_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def refusal(body: bytes) -> str:
    """Return what a file is and what to do, empty where it may be a catalogue."""
    if body.startswith(_ZIP):
        kind = "an Excel workbook" if b"xl/" in body[:4096] or b"[Content_Types].xml" in body[:4096] else "a zip file"
        return f"this is {kind}, not a table of text; save the sheet as “CSV UTF-8” and name that file"
    if body.startswith(_OLD_EXCEL):
        return "this is an old Excel workbook; save the sheet as “CSV UTF-8” and name that file"
    if body.startswith(_PDF):
        return "this is a PDF; export the products as CSV"
    return _json_refusal(body)


def _json_refusal(body: bytes) -> str:
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return ""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return "this is JSON, which is not read; export the products as CSV, or write them as a list in YAML"
