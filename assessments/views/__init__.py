"""Pages of impact assessments."""
