"""The flight request from first draft to closure, as both states see it."""
