"""Benchmarks: one file a question, one JSON line a result. They have the product's settings."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoer.config.settings")
