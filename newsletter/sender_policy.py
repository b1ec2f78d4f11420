"""Reads an SPF record: whom it lets send, and how much looking up it asks for (RFC 7208)."""

from dataclasses import dataclass

from newsletter.dns_lookups import Lookups, NoReplyError

MOST_LOOKUPS = 10  # RFC 7208, section 4.6.4
# What providers' own manuals have customers include; of others it is not known here.
PROVIDER_INCLUDES = {
    "amazon_ses": "amazonses.com",
    "mailgun": "mailgun.org",
    "mailjet": "spf.mailjet.com",
    "mandrill": "spf.mandrillapp.com",
    "postmark": "spf.mtasv.net",
    "sendgrid": "sendgrid.net",
    "sparkpost": "sparkpostmail.com",
}


@dataclass(frozen=True)
class SenderPolicy:
    """What a record says; `rest` is the sign before "all" (+ - ~ ?), "" where there is none."""

    rest: str
    includes: frozenset[str]
    lookups: int
    provider_include: str = ""

    @staticmethod
    def is_one(text: str) -> bool:
        """Tell whether a TXT record is an SPF record at all."""
        return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")

    @property
    def asks_too_much(self) -> bool:
        """Whether receivers stop reading before the end."""
        return self.lookups > MOST_LOOKUPS

    @property
    def misses_provider(self) -> bool:
        """Whether the provider's servers are known and not among those that may send."""
        name = self.provider_include
        return bool(name) and not any(
            found == name or found.endswith(f".{name}") for found in self.includes
        )


def read_policy(record: str, lookups: Lookups, provider: str = "") -> SenderPolicy:
    """Return what a record says, with the records that it includes.

    Lookups are counted roughly: not what a macro would lead to, nor what did not answer in time.
    """
    seen: set[str] = set()
    rest, count = _follow(record, lookups, seen)
    return SenderPolicy(rest, frozenset(seen), count, PROVIDER_INCLUDES.get(provider, ""))


def _follow(record: str, lookups: Lookups, seen: set[str]) -> tuple[str, int]:
    """Return the sign before "all" and how many lookups the record takes; fill in `seen`."""
    rest, count, redirect = "", 0, ""
    for term in record.lower().split()[1:]:
        sign = term[0] if term[0] in "+-~?" else "+"
        mechanism, _mark, target = term.lstrip("+-~?").partition(":")
        if mechanism == "all":
            return sign, count
        if mechanism.startswith("redirect="):
            redirect = mechanism.removeprefix("redirect=")
        elif mechanism == "include":
            count += 1 + _of_target(target, lookups, seen)[1]
        elif mechanism.partition("/")[0] in {"a", "mx", "ptr", "exists"}:
            count += 1
        if count > MOST_LOOKUPS:
            return rest, count
    if redirect:
        rest, more = _of_target(redirect, lookups, seen)
        count += 1 + more
    return rest, count


def _of_target(target: str, lookups: Lookups, seen: set[str]) -> tuple[str, int]:
    if target in seen or "%" in target:
        return "", 0
    seen.add(target)
    try:
        found = [text for text in lookups.texts(target) if SenderPolicy.is_one(text)]
    except NoReplyError:
        return "", 0
    return _follow(found[0], lookups, seen) if found else ("", 0)
