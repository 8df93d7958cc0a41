"""The nouns every stage shares: organisation, periods, deliveries, values, blocks and packs. All frozen."""
