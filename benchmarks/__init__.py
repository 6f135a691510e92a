"""Speed, measured: `make bench` prints a table. Nothing here is asserted by a test."""
