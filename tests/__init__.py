"""Tests of logsleuth, laid out as the package is."""
