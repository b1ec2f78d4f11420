"""Whether the sending domain says in the domain name system who may send mail for it.

SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489): without them mail ends among the spam, or
nowhere. What is found is told in plain words, with what to do about it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum

from django.utils.translation import gettext as _

from newsletter.dns_lookups import Lookups, NoReplyError
from newsletter.sender_policy import SenderPolicy, read_policy

# Names under which providers and mail servers usually keep their keys.
USUAL_SELECTORS = (
    "default", "google", "selector1", "selector2", "k1", "s1", "s2", "mail", "dkim", "pm",
    "postmark", "resend", "mte1", "mailjet", "brevo",
)  # fmt: skip
# Endings that are nobody's (RFC 2606, RFC 6762).
NOBODYS = ("example", "internal", "invalid", "local", "localhost", "test")


class Verdict(StrEnum):
    """How good what was found is."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What was found of one thing, what it means, what to do, and the records as they are."""

    name: str
    verdict: Verdict
    summary: str
    advice: str = ""
    records: tuple[str, ...] = ()


class UnknowableDomainError(ValueError):
    """Nothing can be found out about the domain; the message is a sentence that says why."""


def sending_domain(sender: str) -> str:
    """Return the domain of a From address, "" where it has none."""
    _name, at, domain = parseaddr(sender)[1].rpartition("@")
    return domain.lower().rstrip(".") if at else ""


def check_domain(
    domain: str, lookups: Lookups, *, selector: str = "", provider: str = ""
) -> list[Finding]:
    """Return what is found of a sending domain, in eight seconds at most.

    `selector` names the DKIM key; without one the usual names are tried. `provider` is anymail's
    name of who delivers the mail, "" where that is not known. Raises UnknowableDomainError.
    """
    if "." not in domain or domain.rpartition(".")[2] in NOBODYS or domain.endswith("]"):
        raise UnknowableDomainError(
            _(
                "“%(domain)s” is no domain on the internet, so there is nothing to look up. It "
                "will do for trying the site out. To send mail, set MAIL_FROM to an address of a "
                "domain of yours."
            )
            % {"domain": domain or "?"}
        )
    try:
        if not lookups.exists(domain):
            raise UnknowableDomainError(
                _("There is no domain “%(domain)s”. Is MAIL_FROM spelled right?")
                % {"domain": domain}
            )
    except NoReplyError as error:
        raise UnknowableDomainError(
            _("No name server answered for “%(domain)s”. Please try again in a few minutes.")
            % {"domain": domain}
        ) from error
    checks = (
        ("SPF", lambda: _spf(domain, lookups, provider)),
        ("DKIM", lambda: _dkim(domain, lookups, selector)),
        ("DMARC", lambda: _dmarc(domain, lookups)),
        ("MX", lambda: _mx(domain, lookups)),
    )
    return [_in_time(name, check) for name, check in checks]


def _in_time(name: str, check) -> Finding:
    try:
        return check()
    except NoReplyError:
        return Finding(
            name,
            Verdict.UNKNOWN,
            _("No name server answered in time."),
            _("Please check again in a few minutes."),
        )


def _spf(domain: str, lookups: Lookups, provider: str) -> Finding:
    policies = [text for text in lookups.texts(domain) if SenderPolicy.is_one(text)]
    if not policies:
        return Finding(
            "SPF",
            Verdict.BAD,
            _("No record says which servers may send mail for %(domain)s.") % {"domain": domain},
            _(
                "Add a TXT record to the domain that begins with “v=spf1”. Whoever runs your mail "
                "server, or your provider’s manual, can say what belongs in it."
            ),
        )
    if len(policies) > 1:
        return Finding(
            "SPF",
            Verdict.BAD,
            _("There are %(count)s SPF records. With more than one, none counts.")
            % {"count": len(policies)},
            _("Put them together into one, which begins with “v=spf1” once and ends once."),
            tuple(policies),
        )
    policy = read_policy(policies[0], lookups, provider)
    verdict, summary, advice = _judged_policy(policy)
    return Finding("SPF", verdict, summary, advice, (policies[0],))


def _judged_policy(policy: SenderPolicy) -> tuple[Verdict, str, str]:
    if policy.rest == "+":
        return (
            Verdict.BAD,
            _("The record lets every server in the world send mail in your name."),
            _("Let it end with “~all” or “-all” instead of “+all”."),
        )
    if policy.asks_too_much:
        return (
            Verdict.BAD,
            _("The record takes more than ten lookups; receivers then take it for broken."),
            _("Take out what you no longer send with."),
        )
    if policy.misses_provider:
        return (
            Verdict.FAIR,
            _("There is one SPF record, and it does not name your mail provider."),
            _(
                "Add “include:%(name)s” to it, unless your provider says that it is not needed: "
                "some send under a return address of their own."
            )
            % {"name": policy.provider_include},
        )
    if policy.rest in {"", "?"}:
        return (
            Verdict.FAIR,
            _("There is one SPF record, and it does not say what holds for all other servers."),
            _("Let it end with “~all” or “-all”."),
        )
    return Verdict.GOOD, _("There is one SPF record, and it keeps other servers out."), ""


def _dkim(domain: str, lookups: Lookups, selector: str) -> Finding:
    selectors = [selector] if selector else USUAL_SELECTORS
    names = [f"{name}._domainkey.{domain}" for name in selectors]
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(lambda name: _texts_if_any(name, lookups), names))
    records = {
        name: tags
        for name, texts in zip(selectors, answers, strict=True)
        for tags in map(_tags, texts or ())
        if "p" in tags and tags.get("v", "DKIM1") == "DKIM1"
    }
    if not records and None in answers:
        raise NoReplyError
    shown = tuple(f"{name}: p={tags['p'][:60]}" for name, tags in records.items())
    if any(tags["p"] for tags in records.values()):
        return Finding(
            "DKIM",
            Verdict.GOOD,
            _("There is a key to check signatures with: %(names)s.")
            % {"names": ", ".join(name for name, tags in records.items() if tags["p"])},
            _("Whether mail is signed with it, the headers of a mail that you got can tell."),
            shown,
        )
    if records:
        return Finding(
            "DKIM",
            Verdict.BAD,
            _("The key was withdrawn: its record is empty."),
            _("Ask your provider for the record as it should be now."),
            shown,
        )
    return _no_key(selector)


def _texts_if_any(name: str, lookups: Lookups) -> list[str] | None:
    try:
        return lookups.texts(name)
    except NoReplyError:
        return None


def _no_key(selector: str) -> Finding:
    if selector:
        return Finding(
            "DKIM",
            Verdict.BAD,
            _("There is no key under the name “%(name)s”.") % {"name": selector},
            _("Compare the name and the record with what your provider says."),
        )
    return Finding(
        "DKIM",
        Verdict.UNKNOWN,
        _("No key was found under the usual names; it may have another."),
        _(
            "Your provider knows the name. It also stands in the header DKIM-Signature of a mail "
            "that you got, behind “s=”. Type it above and check again."
        ),
    )


def _dmarc(domain: str, lookups: Lookups) -> Finding:
    for place in _places(domain):
        found = [text for text in lookups.texts(f"_dmarc.{place}") if _tags(text).get("v")]
        found = [text for text in found if text.strip().upper().startswith("V=DMARC1")]
        if found:
            return _judged_dmarc(found, inherited=place != domain)
    return Finding(
        "DMARC",
        Verdict.BAD,
        _("No record says what receivers should do with forged mail."),
        _(
            "Add a TXT record at _dmarc.%(domain)s. “v=DMARC1; p=none” is a beginning; large "
            "receivers ask for at least that."
        )
        % {"domain": domain},
    )


def _judged_dmarc(records: list[str], *, inherited: bool) -> Finding:
    if len(records) > 1:
        return Finding(
            "DMARC",
            Verdict.BAD,
            _("There are %(count)s DMARC records. With more than one, none counts.")
            % {"count": len(records)},
            _("Keep one of them."),
            tuple(records),
        )
    tags = _tags(records[0])
    policy = (inherited and tags.get("sp")) or tags.get("p", "")
    verdict, summary, advice = {
        "reject": (Verdict.GOOD, _("Receivers are asked to refuse forged mail."), ""),
        "quarantine": (Verdict.GOOD, _("Receivers are asked to put forged mail into spam."), ""),
        "none": (
            Verdict.FAIR,
            _("Receivers are asked to watch and let forged mail through."),
            _("Once SPF and DKIM are in order, change it to “p=quarantine”."),
        ),
    }.get(
        policy.lower(),
        (
            Verdict.BAD,
            _("The record does not say what to do with forged mail."),
            _("It needs “p=none”, “p=quarantine” or “p=reject”."),
        ),
    )
    return Finding("DMARC", verdict, summary, advice, tuple(records))


def _mx(domain: str, lookups: Lookups) -> Finding:
    servers = [server for server in lookups.mail_servers(domain) if server != "."]
    if servers:
        return Finding("MX", Verdict.GOOD, _("The domain takes mail."), "", tuple(servers))
    return Finding(
        "MX",
        Verdict.FAIR,
        _("The domain takes no mail: nobody can answer, and some receivers distrust that."),
        _("Add an MX record, or send from a domain that has one."),
    )


def _places(domain: str) -> list[str]:
    """Return the domain and those above it that may speak for it, save the last label."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)][:8]


def _tags(record: str) -> dict[str, str]:
    """Return the tag=value pairs of a DKIM or DMARC record (RFC 6376, section 3.2)."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _sign, value in pairs if _sign}
