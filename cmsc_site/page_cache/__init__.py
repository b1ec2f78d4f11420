"""Public pages, kept ready to send and answered before anything else is asked.

`application` answers from this process's copies before Django begins, `middleware` makes those
that are missing, one request at a time (`turns`). `kept` says which request a copy may answer,
`copies` holds what is sent, and `memory` keeps copies within a number of bytes.
"""
