"""Slips in the domains that most people's addresses end in. Nothing is refused for one."""

from pages.email_addresses import Address

_COMMON_DOMAINS = """
126.com 163.com aol.com bigpond.com bol.com.br btinternet.com comcast.net cox.net daum.net
fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
googlemail.com hanmail.net hey.com hotmail.be hotmail.ca hotmail.co.uk hotmail.com
hotmail.de hotmail.es hotmail.fr hotmail.it icloud.com inbox.ru laposte.net libero.it
list.ru live.co.uk live.com live.fr live.nl mac.com mail.com mail.ru me.com msn.com
naver.com nate.com o2.pl onet.pl orange.fr outlook.com outlook.de outlook.es outlook.fr
pm.me posteo.de proton.me protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com
sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sky.com sina.com t-online.de telenet.be
terra.com.br tiscali.it tutanota.com uol.com.br verizon.net virgilio.it wanadoo.fr web.de
wp.pl xtra.co.nz yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au
yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com
"""
COMMON_DOMAINS = frozenset(_COMMON_DOMAINS.split())
# Real providers that are one letter away from a common one.
_REAL_NEIGHBOURS = """
email.com fmail.com hmail.com imail.com live.cn mail.co mailo.com sina.cn tmail.com umail.com
vmail.com yahoo.cn zmail.com
"""
REAL_NEIGHBOURS = """
163.net 188.com email.com fmail.com gmx.co.uk gmx.es gmx.fr gmx.us hmail.com imail.com
iol.it live.at live.ca live.cn live.de live.ie live.it live.jp live.se live.no live.dk
mail.de mail.ee mail.fr mailo.com mail.be mail.bg mail.ch mail.dk mail.pt mail.co me.ru
msn.nl pm.com qq.cn sky.net sina.cn tmail.com umail.com vmail.com wp.eu web.com yahoo.at
yahoo.ie yahoo.in yahoo.pl yahoo.se yandex.by yandex.kz yandex.ua zmail.com zoho.eu zoho.in
o2.de o2.ie o2.uk o2.co.uk free.de free.com
"""
REAL_NEIGHBOURS = frozenset(_REAL_NEIGHBOURS.split())
# Shorter domains have too many real neighbours.
SHORTEST = 8


def suggestion(address: Address) -> str:
    """Return the address with the common domain that was probably meant, else an empty text."""
    local, _at, domain = address.key.rpartition("@")
    if domain in COMMON_DOMAINS or domain in REAL_NEIGHBOURS:
        return ""
    near = [
        common
        for common in sorted(COMMON_DOMAINS)
        if _is_one_slip(domain, common) and not _is_another_country(domain, common)
    ]
    # Of several, the one with the same ending is meant, and gmail.com rather than another.
    near.sort(key=lambda common: (_ending(common) != _ending(domain), common != "gmail.com"))
    return f"{local}@{near[0]}" if near else ""


def _ending(domain: str) -> str:
    return domain.partition(".")[2]


def _is_another_country(typed: str, meant: str) -> bool:
    """Tell whether both end in a country, and not in the same: hotmail.se is none of Spain's."""
    countries = {domain.rpartition(".")[2] for domain in (typed, meant)}
    return len(countries) == 2 and all(len(country) == 2 for country in countries)


def _is_one_slip(typed: str, meant: str) -> bool:
    """Tell whether a letter too many, missing, wrong, or two swapped ones part the domains."""
    if len(meant) < SHORTEST or abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    one, other = typed[start:], meant[start:]
    if len(one) > len(other):
        return one[1:] == other
    if len(one) < len(other):
        return one == other[1:]
    swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return one[1:] == other[1:] or swapped
