"""E-mail addresses as people type them (RFC 5321, 5322), and what makes two of them the same."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

LONGEST = 254  # octets (RFC 5321, 4.5.3.1.3, without the brackets)
LONGEST_LOCAL = 64  # octets (RFC 5321, 4.5.3.1.1)
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What is drawn as nothing (Default_Ignorable_Code_Point) though Unicode calls it a letter or mark.
_DRAWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_AROUND_AN_ADDRESS = re.compile(r'[<>()\[\]"]|^mailto:', re.IGNORECASE)
_DOTS = ".\u3002\uff0e\uff61"  # what stands for a dot in a domain (UTS 46, 2.3)


class BadAddress(ValueError):  # noqa: N818 - it names what was typed
    """What was typed is no address to write to; the message says why and what to do."""


@dataclass(frozen=True)
class Address:
    """An address as typed, and as it is compared: in lower case, the domain in ASCII (RFC 5890).

    `sendable` is what a mail's header takes: the local part as typed and the domain in ASCII.
    Dots and what follows a plus stay, since only the recipient's server knows what they mean.
    """

    typed: str
    key: str
    sendable: str


def parse_address(text: str) -> Address:
    """Return the address that was typed; raises BadAddress. Nobody is asked whether it exists."""
    typed = text.strip()
    if not typed:
        raise BadAddress(_("Please type your email address."))
    if len(typed) > LONGEST:
        raise BadAddress(_("The address is longer than any address can be."))
    typed = unicodedata.normalize("NFC", typed)
    if _DRAWN_AS_NOTHING.search(typed) or _INVISIBLE & set(map(unicodedata.category, typed)):
        raise BadAddress(_("The address holds signs that cannot be seen. Please type it anew."))
    if typed.count("@") > 1 and re.search(r"[\s,;]", typed):
        raise BadAddress(_("Please type one address alone."))
    if "@" not in typed:
        raise BadAddress(_("An address has an @ in it, as in name@example.org."))
    if _AROUND_AN_ADDRESS.search(typed):
        raise BadAddress(
            _("Please type the address alone, without a name, quotes or brackets around it.")
        )
    if re.search(r"\s", typed):
        raise BadAddress(_("An address has no spaces in it."))
    local, _at, domain = typed.rpartition("@")
    _check_local(local)
    sendable = f"{local}@{_host(domain)}"
    if len(sendable) > LONGEST:
        raise BadAddress(_("The address is longer than any address can be."))
    return Address(typed=typed, key=sendable.lower(), sendable=sendable)


def _check_local(local: str) -> None:
    if not local:
        raise BadAddress(_("The part before the @ is missing."))
    if not local.isascii():
        raise BadAddress(
            _("We cannot write to an address with such letters before the @. Do you have another?")
        )
    if len(local) > LONGEST_LOCAL:
        raise BadAddress(_("The part before the @ is longer than it can be."))
    # Mailers decode an encoded word (RFC 2047) even here, and write to someone else than we noted.
    if "=?" in local:
        raise BadAddress(_("We cannot write to an address with =? in it. Do you have another?"))
    _validated(
        f"{local}@example.org",
        _("The part before the @ does not look like one of an address. Is there a slip in it?"),
    )


def _host(domain: str) -> str:
    if not domain:
        raise BadAddress(_("The part after the @ is missing, as in name@example.org."))
    if not set(_DOTS) & set(domain.strip(_DOTS)):
        raise BadAddress(_("The part after the @ needs a dot in it, as in name@example.org."))
    return _validated(
        f"a@{domain}", _("No address ends like this after the @. Is there a slip in it?")
    ).ascii_domain.lower()


def _validated(address: str, sentence: str) -> ValidatedEmail:
    try:
        # Whether the domain is one of the examples' is the tests' business, not the visitors'.
        return validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise BadAddress(sentence) from error
