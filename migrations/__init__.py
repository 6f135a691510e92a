"""Numbered, forward-only SQL; `server.store.migrate` applies it. Shipped in the wheel."""
