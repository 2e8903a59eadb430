"""The report of a run: one HTML page that opens offline, with its findings, results, subjects and datasets."""
