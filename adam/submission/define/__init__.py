"""Define-XML 2.1: the elements of the file by kind, and the same content as a page."""
