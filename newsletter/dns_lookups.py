"""Asks the domain name system, in seconds that are counted (RFC 1035)."""

import time

import dns.exception
import dns.resolver

SECONDS_EACH = 3
SECONDS_IN_ALL = 8
LONGEST_RECORD = 2000  # characters that are shown of what a stranger's server may answer


class NoReplyError(OSError):
    """No name server answered in time, or none would."""


class Lookups:
    """Questions to a resolver, which all together take eight seconds at most.

    Each raises NoReplyError where there is no answer; a name that does not exist has no records.
    """

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver
        self._deadline = time.monotonic() + SECONDS_IN_ALL

    def exists(self, name: str) -> bool:
        """Tell whether there is such a domain."""
        return self._ask(name, "SOA") is not None

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, the parts of each joined (RFC 7208, section 3.3)."""
        records = self._ask(name, "TXT") or []
        return [
            b"".join(record.strings).decode("utf-8", "replace")[:LONGEST_RECORD]
            for record in records
        ]

    def mail_servers(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain; "." says that none does (RFC 7505)."""
        records = sorted(self._ask(name, "MX") or [], key=lambda record: record.preference)
        return [record.exchange.to_text(omit_final_dot=True) or "." for record in records]

    def _ask(self, name: str, kind: str) -> list | None:
        """Return the records, none where there are none; None where there is no such name."""
        left = min(SECONDS_EACH, self._deadline - time.monotonic())
        if left <= 0:
            raise NoReplyError
        try:
            self._resolver = self._resolver or dns.resolver.Resolver()
            return list(self._resolver.resolve(name, kind, lifetime=left, search=False))
        except dns.resolver.NXDOMAIN:
            return None
        except (dns.resolver.NoAnswer, dns.exception.SyntaxError, UnicodeError):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NoReplyError from error
