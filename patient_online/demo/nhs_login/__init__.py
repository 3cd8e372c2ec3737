"""A stand-in for NHS login, for the demonstration and the tests: a real OpenID provider whose people are made up."""
