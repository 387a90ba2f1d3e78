"""Engagement contracts as facts: versions proposed, who signed which, what people said about them, perimeters validated, who was told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import EnumText, UtcInstant, json_column


class RemarkKind(StrEnum):
    """What somebody said about a version: what should change, or why they do not sign."""

    COMMENT = "comment"
    DECLINE = "decline"


class ContractVersionRow(SQLModel, table=True):
    """One version of a contract as it was proposed: its whole text, the fingerprint of it, and the roles whose signature it needs.

    Whether it is in force follows from the signatures; only a withdrawal is written here.
    """

    __tablename__ = "contract_version"
    programme_id: str = Field(primary_key=True, max_length=80)
    contract_id: str = Field(primary_key=True, max_length=80)
    number: int = Field(primary_key=True)
    fingerprint: str = Field(max_length=80)
    declaration_version: int
    """The accepted declarations it was taken from: its ladders are found there when they are declared no more."""
    text: dict[str, Any] = Field(sa_type=json_column())
    parties: list[str] = Field(sa_type=json_column())
    proposed_at: datetime = Field(sa_type=UtcInstant)
    proposed_by: str = Field(max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    withdrawn_why: str = ""


class SignatureRow(SQLModel, table=True):
    """One party's signature under one version of a contract."""

    __tablename__ = "contract_signature"
    programme_id: str = Field(primary_key=True, max_length=80)
    contract_id: str = Field(primary_key=True, max_length=80)
    version: int = Field(primary_key=True)
    role_id: str = Field(primary_key=True, max_length=80)
    contract_fingerprint: str = Field(max_length=80)
    person_id: str = Field(max_length=80)
    signed_at: datetime = Field(sa_type=UtcInstant)


class ContractRemarkRow(SQLModel, table=True):
    """A comment or a refusal to sign, on the whole (`clause_id` None) or one clause; open until the steward has answered it."""

    __tablename__ = "contract_remark"
    __table_args__ = (Index("ix_contract_remark_contract", "programme_id", "contract_id"),)
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=80)
    contract_id: str = Field(max_length=80)
    version: int
    kind: RemarkKind = Field(sa_type=EnumText(RemarkKind))
    clause_id: str | None = Field(default=None, max_length=80)
    role_id: str | None = Field(default=None, max_length=80)
    """The party whose signature is refused, for a decline."""
    person_id: str = Field(max_length=80)
    said_at: datetime = Field(sa_type=UtcInstant)
    text: str
    answered_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    answered_by: str | None = Field(default=None, max_length=80)
    answer: str = ""


class PerimeterValidationRow(SQLModel, table=True):
    """The sponsor has validated this perimeter (known by its fingerprint), with what stands outside it."""

    __tablename__ = "perimeter_validation"
    programme_id: str = Field(primary_key=True, max_length=80)
    contract_id: str = Field(primary_key=True, max_length=80)
    perimeter_fingerprint: str = Field(primary_key=True, max_length=80)
    perimeter: list[str] = Field(sa_type=json_column())
    person_id: str = Field(max_length=80)
    validated_at: datetime = Field(sa_type=UtcInstant)


class StakeholderToldRow(SQLModel, table=True):
    """A stakeholder has been told about a contract: who, in which role, by whom, and how."""

    __tablename__ = "stakeholder_told"
    programme_id: str = Field(primary_key=True, max_length=80)
    contract_id: str = Field(primary_key=True, max_length=80)
    role_id: str = Field(primary_key=True, max_length=80)
    person_id: str = Field(primary_key=True, max_length=80)
    told_at: datetime = Field(sa_type=UtcInstant)
    told_by: str = Field(max_length=80)
    how: str = ""
