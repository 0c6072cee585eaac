"""Mails: who is to get one, what stands in it, and how it leaves once. Every figure comes from a panel of the reader's own rights."""
