"""Settings compared over the same draws: what differs, and what of it is more than luck."""
