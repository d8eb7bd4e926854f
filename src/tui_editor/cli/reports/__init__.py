"""Findings as reports, for people and for programs. Each report is written while the findings come."""
