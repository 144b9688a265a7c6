"""What leaves the house: tables as files that are safe to open and stable to read by machines."""
