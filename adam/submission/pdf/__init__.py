"""Documents as PDF. Only a run that writes one imports the modules of this package, because the library is slow to import."""
