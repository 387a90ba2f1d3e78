"""An engine killed at nine exact points, with a real mail server beside it (issue: commitments, ladders and notices)."""
