"""The frame of the API: what every address below `/api/v1/` answers alike, whatever it is about."""
