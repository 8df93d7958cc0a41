"""Mail of released packs: who gets what, an outbox that never sends twice, drafts and a server."""
