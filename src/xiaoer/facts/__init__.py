"""指标 Facts: metrics, subjects, periods and values: reported, estimated, official side by side.

Topics: periods, measuring, sheets, staging, progress, ledger, uploads, columns, said.
"""
