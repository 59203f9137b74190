"""梯度培育与运行监测 Growth: ladders, titles, platforms, watch-lists, alerts, targets of firms.

Topics: vocabulary, shipped, climbing, entering, ladder_urls, validity, title_sheets, words,
watch_access, watch_register, watch_urls, forecasting, standards, title_urls,
asking, firm_sheets, scoring, telling.
"""
