"""Messages out: e-mail, text, or letter to print, as the patient's needs say; and the patient's inbox.

A message is stored in the transaction of the change that causes it, with a job to send it. When its time has come it is
asked again whether it is still true; only then is it worded and sent.
"""
