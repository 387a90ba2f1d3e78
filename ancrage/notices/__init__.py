"""What people are sent: one message per reader and instant, its rendering, and the channels that carry it.

Imports domain, errors and language only. Storage decides what is sent and when; nothing here reads a clock or a setting.
"""
