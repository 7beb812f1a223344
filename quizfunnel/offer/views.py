"""The offer's pages: behind the gate the products, before it only the way to the next question."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse
