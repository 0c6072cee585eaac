"""What whoever runs the site reads of it: log lines, health, measures. Never a figure of the product, never a person."""
