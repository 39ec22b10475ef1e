"""X12 837 and 835: bytes to typed rows, at the speed of the disk and with nothing lost."""
