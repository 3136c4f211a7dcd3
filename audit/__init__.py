"""The one way of writing: acts, their events, the chain that proves them, the timeline."""
