"""Filings in the browser."""
