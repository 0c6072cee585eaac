"""The reference centre: a generated contact centre whose true numbers are known because they are planted (product.md 6)."""
