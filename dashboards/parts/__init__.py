"""What pages are made of: header, stamp, filters, cards, tables, charts, exports."""
