"""What a practice must decide or do: one list, each with an owner, a due time and cover for who is away.

Stands on patients and practices. Apps above say which kinds of task there are, and put them on the list.
"""
