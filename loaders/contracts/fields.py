"""How the text of a contract's values is read: numbers, dates and codes, exactly as typed.

Every reader takes text (or None) and raises `PydanticCustomError` saying what was found and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

NUMBER = re.compile(r"^-?(\d+(\.\d*)?|\.\d+)$")
ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def wrong(found: object, allowed: str) -> PydanticCustomError:
    shown = "a list or a block of keys" if isinstance(found, (list, dict)) else f"'{found}'"
    return PydanticCustomError("not_allowed", "found {shown}; {allowed}", {"shown": shown, "allowed": allowed})


def _scalar(value: object, allowed: str) -> str:
    if not isinstance(value, str):
        raise wrong("nothing" if value is None else value, allowed)
    return value.strip()


def number(places: int, *, least: Decimal | None = None, most: Decimal | None = None) -> Callable[[object], Decimal]:
    """A reader of exact decimals: from the digits typed, never through a binary float."""
    allowed = f"a number with a point and at most {places} decimals, as 45 or 1234.50, without currency or percent sign"
    if least is not None and most is not None:
        allowed += f", from {least} to {most}"
    elif least is not None:
        allowed += f", {least} or more"

    def read(value: object) -> Decimal:
        text = _scalar(value, f"allowed is {allowed}")
        if not NUMBER.match(text):
            raise wrong(text, f"allowed is {allowed}")
        result = Decimal(text)
        decimals = len(text.partition(".")[2])
        is_outside = (least is not None and result < least) or (most is not None and result > most)
        if decimals > places or is_outside or abs(result) >= Decimal(10) ** (18 - places):
            raise wrong(text, f"allowed is {allowed}")
        return result

    return read


def whole_number(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        allowed = f"allowed is a whole number, {least} or more"
        text = _scalar(value, allowed)
        if not re.fullmatch(r"\d{1,6}", text) or int(text) < least:
            raise wrong(text, allowed)
        return int(text)

    return read


def read_date(value: object) -> date:
    allowed = "allowed is a calendar date written YYYY-MM-DD, as 2025-01-31"
    text = _scalar(value, allowed)
    if not ISO_DATE.match(text):
        raise wrong(text, allowed)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise wrong(text, allowed) from error


def read_flag(value: object) -> bool:
    allowed = "allowed are true and false"
    text = _scalar(value, allowed).lower()
    if text not in ("true", "false"):
        raise wrong(text, allowed)
    return text == "true"


def read_text(value: object) -> str:
    allowed = "allowed is a text on one line"
    text = _scalar(value, allowed)
    if not text or "\n" in text:
        raise wrong(text, allowed)
    return text


def choice(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        said = f"allowed are {', '.join(allowed)}"
        text = _scalar(value, said).lower()
        if text not in allowed:
            raise wrong(text, said)
        return text

    return read


def code(pattern: str, allowed: str, fix: Callable[[str], str] = str) -> Callable[[object], str]:
    """A reader of one code: upper case, then `fix` (leading zeros, dots), then the whole must match `pattern`."""

    def read(value: object) -> str:
        text = fix(_scalar(value, f"allowed is {allowed}").upper())
        if not re.fullmatch(pattern, text):
            raise wrong(text, f"allowed is {allowed}")
        return text

    return read


def pad(width: int) -> Callable[[str], str]:
    """Puts back the leading zeros that a spreadsheet or an unquoted number lost."""
    return lambda text: text.zfill(width) if text.isdigit() else text


def _bill_type(text: str) -> str:
    """Bill types are compared without the leading zero that forms print (0111 is 111)."""
    return text.removeprefix("0")


read_procedure = code("[A-Z0-9]{3,11}", "a procedure code, as 99213")
read_revenue = code("[0-9]{4}", "a revenue code of four digits, as 0274", pad(4))
read_modifier = code("[A-Z0-9]{2}", "a modifier of two characters, as 26", pad(2))
read_place = code("[0-9]{2}", "a place of service of two digits, as 11", pad(2))
read_bill_type = code("[1-9][0-9A-Z]{0,2}", "a bill type or its first digits, as 11 or 131", _bill_type)
read_drg = code("[0-9A-Z]{3,5}", "a diagnosis-related group, as 470", pad(3))
read_diagnosis = code(
    "[A-Z][0-9A-Z]{0,6}", "an ICD-10 code or its first characters, as M17", lambda text: text.replace(".", "")
)
read_npi = code("[0-9]{10}", "an NPI of ten digits")
read_tax_id = code("[0-9A-Z]{1,20}", "a tax id, as 123456789", lambda text: text.replace("-", ""))

_NUMBER = {"type": "number", "minimum": 0}
_TEXT = {"type": "string"}
_CODE = {"type": ["string", "integer"]}

ZERO, HUNDRED = Decimal(0), Decimal(100)
Money = Annotated[Decimal, BeforeValidator(number(2, least=ZERO)), WithJsonSchema(_NUMBER)]
Rate = Annotated[Decimal, BeforeValidator(number(6, least=ZERO)), WithJsonSchema(_NUMBER)]
Share = Annotated[
    Decimal, BeforeValidator(number(6, least=ZERO, most=HUNDRED)), WithJsonSchema(_NUMBER | {"maximum": 100})
]
Whole = Annotated[int, BeforeValidator(whole_number(0)), WithJsonSchema({"type": "integer", "minimum": 0})]
Positive = Annotated[int, BeforeValidator(whole_number(1)), WithJsonSchema({"type": "integer", "minimum": 1})]
Flag = Annotated[bool, BeforeValidator(read_flag), WithJsonSchema({"type": "boolean"})]
Text = Annotated[str, BeforeValidator(read_text), WithJsonSchema(_TEXT)]
Day = Annotated[date, BeforeValidator(read_date), WithJsonSchema(_TEXT | {"format": "date"})]
Modifier = Annotated[str, BeforeValidator(read_modifier), WithJsonSchema(_CODE)]
Procedure = Annotated[str, BeforeValidator(read_procedure), WithJsonSchema(_CODE)]
Revenue = Annotated[str, BeforeValidator(read_revenue), WithJsonSchema(_CODE)]
Place = Annotated[str, BeforeValidator(read_place), WithJsonSchema(_CODE)]
BillType = Annotated[str, BeforeValidator(read_bill_type), WithJsonSchema(_CODE)]
Drg = Annotated[str, BeforeValidator(read_drg), WithJsonSchema(_CODE)]
Diagnosis = Annotated[str, BeforeValidator(read_diagnosis), WithJsonSchema(_CODE)]
Npi = Annotated[str, BeforeValidator(read_npi), WithJsonSchema(_CODE)]
TaxId = Annotated[str, BeforeValidator(read_tax_id), WithJsonSchema(_CODE)]
