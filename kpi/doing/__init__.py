"""Pages of what people do about the figures: annotations, targets, initiatives, actions, saved views."""
