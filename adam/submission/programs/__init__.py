"""Programs for users of SAS and R: one for each display, and those that read the datasets with their labels, codelists and formats."""
