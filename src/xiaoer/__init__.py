"""小二 Xiaoer: one system that a development zone runs on."""

__version__ = "0.1.0"
