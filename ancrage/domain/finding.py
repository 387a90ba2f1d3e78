"""What a question to the declared programme finds, before anybody knows in which file it stands."""

from __future__ import annotations

from dataclasses import dataclass

from ancrage.language import Message

Subject = tuple[str, ...]
"""The declared thing: section, id and, where it helps, the keys that lead to a part of it, as they are written in YAML."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `subject` is where it is shown; `others` are the other ends of the same finding."""

    code: str
    message: Message
    subject: Subject
    label: Message | None = None
    hint: Message | None = None
    others: tuple[Subject, ...] = ()
