"""Who somebody is to the programme, read from its roles and its map: nobody is given rights by hand."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ancrage.domain.programme import Programme


class AccessRole(StrEnum):
    """What a person is here; everybody who is known reads, most people are more than one."""

    LEAD = "lead"
    SPONSOR = "sponsor"
    OWNER = "owner"
    READER = "reader"


def access_roles(programme: Programme, person_id: str, at: datetime) -> tuple[AccessRole, ...]:
    """The roles of a person at an instant, the widest first; empty for somebody the organisation does not know.

    Lead: steward of the programme or of a contract. Sponsor: sponsor or co-sponsor of a contract. Owner: owner or deputy of a process.
    """
    organisation = programme.organisation
    if person_id not in organisation.people:
        return ()
    contracts, processes = programme.contracts.values(), programme.processes.values()
    held: dict[AccessRole, set[str | None]] = {
        AccessRole.LEAD: {programme.steward, *(contract.steward for contract in contracts)},
        AccessRole.SPONSOR: {role for contract in contracts for role in (contract.sponsor, contract.co_sponsor)},
        AccessRole.OWNER: {role for process in processes for role in (process.owner, process.deputy)},
    }
    found = [role for role, names in held.items() if person_id in {organisation.holder(name, at) for name in names if name}]
    return (*found, AccessRole.READER)
