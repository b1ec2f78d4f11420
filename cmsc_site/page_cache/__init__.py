"""Public pages, kept ready to send and answered before anything else is asked.

`middleware` decides which requests are answered so, `copies` holds what is sent, `memory` keeps
copies within a number of bytes, `turns` lets one request at a time make each.
"""
