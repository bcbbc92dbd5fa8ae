"""From the bytes of a vendor's file to judged cells: no models, no database, nothing kept."""
