"""Numbers of orders, parcels and devices in a question."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_ORDER = re.compile(r"O-\d{4,10}")
_TRACKING = re.compile(r"[A-Z]{2}\d{8,16}|1Z[A-Z0-9]{16}|JJD\d{10,20}|00340434\d{12}")
_CHECKED_SERIAL = re.compile(r"[A-Z]{3}-(\d{12})")
_OLD_SERIAL = re.compile(r"[A-Z]{2,}\d+[A-Z0-9]*-\d{6,9}")
_CUED_ORDER = re.compile(
    r"\b(?:bestell|auftrag|order|rechnung|invoice|vorgang)\w*[\s:#.-]+"
    r"(?:(?:nr|no|nummer|number|mit|der|the|ist|is)[\s:#.]+)*(\d[\d-]{3,})",
    re.I,
)


@dataclass(slots=True)
class References:
    """What of the asker's own things a question names."""

    orders: list[str] = field(default_factory=list)
    tracking: list[str] = field(default_factory=list)
    serials: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether any number is named."""
        return bool(self.orders or self.tracking or self.serials)

    @classmethod
    def of(cls, question: str) -> "References":
        """The numbers of a question, in capitals as they are stored."""
        found = cls()
        for token in (match.group().upper() for match in _TOKEN.finditer(question)):
            if _ORDER.fullmatch(token):
                found.orders.append(token)
            elif _TRACKING.fullmatch(token):
                found.tracking.append(token)
            elif _CHECKED_SERIAL.fullmatch(token) or _OLD_SERIAL.fullmatch(token):
                found.serials.append(token)
        if not found.orders:
            found.orders = _CUED_ORDER.findall(question)
        return found


def serial_is_right(serial: str) -> bool:
    """Whether the check digit (Luhn) of a serial number is right; numbers without one always pass."""
    checked = _CHECKED_SERIAL.fullmatch(serial)
    if not checked:
        return True
    digits = [int(digit) for digit in reversed(checked[1])]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
