"""Who may use which online service for whom: grants, sessions, who is asking, and the audiences of pages.

Stands on patients, practices and identity. The online services stand on it.
"""
