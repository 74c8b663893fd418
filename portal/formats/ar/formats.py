"""What Django leaves to American habits in Arabic: the month would stand before the day, in a clock of 12 hours."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y، H:i"
SHORT_DATETIME_FORMAT = "d‏/m‏/Y، H:i"
