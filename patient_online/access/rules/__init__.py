"""May this happen? What an account may use, what a check of identity allows, what codes in a record say."""
