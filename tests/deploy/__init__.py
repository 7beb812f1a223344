"""Tests of the files in deploy/: the container, the services, the proxies."""
