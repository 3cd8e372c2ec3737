"""How rows are kept: placement, keys, ids, idempotency, our database backend and the embedded server."""
