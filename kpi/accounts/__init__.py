"""Who logs in, and with what: password, second factor, sessions."""
