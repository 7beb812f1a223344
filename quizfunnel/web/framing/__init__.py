"""Framing: the pages of a quiz that the shop's own pages may show in a frame, and the address that says so.

An address of such a page names the origin of the shop's page behind `frame` or `popup`. Only a listed origin makes it a
page in a frame: any other is the page as ever, which no page may frame.
"""
