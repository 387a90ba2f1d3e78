"""Deadlines, ladders, notices and catch-up, exactly by the ESC rules.

`ladder` decides one commitment, `recipients` who is told, `sending` when a message leaves, `scenario` plays a whole file.
"""
