"""Numbers of the product that are measured, not learned."""
