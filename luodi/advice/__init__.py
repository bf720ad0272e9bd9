"""Decision support: pure functions over facts handed in. No database, no clock, no framework."""
