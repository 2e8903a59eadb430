"""Exchanges a specification with others: a workbook for review, and metadata of define.xml or a workbook as the start of a study."""
