"""Signing in with NHS login: we are its relying party, by OpenID Connect's code flow.

Source: NHS login's federation interface specification 2.1: `private_key_jwt` and RS512 alone, vectors of trust asked in
`vtr` and answered in `vot`. What comes back is believed only once every part of it has been checked.
"""
