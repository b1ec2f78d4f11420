"""Staff learn whether mail in the organization's name will arrive, and what to do where not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from newsletter import staff_deliverability
from newsletter.deliverability import (
    UnknowableDomainError,
    Verdict,
    check_domain,
    sending_domain,
)
from newsletter.dns_lookups import Lookups
from pages.models import OrganisationSettings
from tests.newsletter.name_server import name_server
from tests.signing_in import member, signed_in

PAGE = "/admin/newsletter/deliverability/"
DOMAIN = "sample.example.org"
KEY = '"v=DKIM1; k=rsa; p=MIIBsample"'
IN_ORDER = {
    (DOMAIN, "SOA"): ["ns.example.org. host.example.org. 1 7200 3600 1209600 60"],
    (DOMAIN, "TXT"): ['"v=spf1 include:spf.mtasv.net ~all"', '"sample-verification=1"'],
    (DOMAIN, "MX"): ["10 mx.example.org."],
    (f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:reports@example.org"'],
    (f"pm._domainkey.{DOMAIN}", "TXT"): [KEY],
    ("spf.mtasv.net", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 ~all"'],
}


def looked_up(changes: dict | None = None, *, silent=frozenset(), **options) -> dict:
    """Return what is found of the sample domain, by name, with some records changed."""
    with name_server({**IN_ORDER, **(changes or {})}, silent) as server:
        lookups = Lookups(server.resolver())
        findings = check_domain(options.pop("domain", DOMAIN), lookups, **options)
    return {finding.name: finding for finding in findings}


def texts(*records: str) -> list[str]:
    return [f'"{record}"' for record in records]


def spf(*records: str, more: dict | None = None, **options):
    changes = {(DOMAIN, "TXT"): texts(*records), **(more or {})}
    return looked_up(changes, **options)["SPF"]


def dmarc(*records: str):
    return looked_up({(f"_dmarc.{DOMAIN}", "TXT"): texts(*records)})["DMARC"]


@pytest.mark.without_database
class TestADomainInOrder:
    def test_is_said_to_be_so(self):
        found = looked_up(provider="postmark")
        assert list(found) == ["SPF", "DKIM", "DMARC", "MX"]
        assert {finding.verdict for finding in found.values()} == {Verdict.GOOD}

    def test_has_its_records_shown_as_they_are(self):
        found = looked_up()
        assert found["SPF"].records == ("v=spf1 include:spf.mtasv.net ~all",)
        assert found["DMARC"].records[0].startswith("v=DMARC1; p=reject")
        assert found["DKIM"].records == ("pm: p=MIIBsample",)
        assert found["MX"].records == ("mx.example.org",)


@pytest.mark.without_database
class TestSpf:
    @pytest.mark.parametrize(
        ("records", "verdict", "words"),
        [
            ([], Verdict.BAD, "No record says"),
            (["v=spf10 -all"], Verdict.BAD, "No record says"),
            (["v=spf1 -all", "V=SPF1 mx -all"], Verdict.BAD, "2 SPF records"),
            (["v=spf1 mx +all"], Verdict.BAD, "every server in the world"),
            (["v=spf1 mx all"], Verdict.BAD, "every server in the world"),
            (["v=spf1 mx ?all"], Verdict.FAIR, "all other servers"),
            (["v=spf1 mx"], Verdict.FAIR, "all other servers"),
            (["v=spf1 mx a/24 -all"], Verdict.GOOD, "keeps other servers out"),
            (["V=spf1 MX -ALL"], Verdict.GOOD, "keeps other servers out"),
        ],
    )
    def test_is_judged(self, records, verdict, words):
        finding = spf(*records)
        assert (finding.verdict, words in finding.summary) == (verdict, True)

    def test_split_into_parts_is_one_record(self):
        more = {(DOMAIN, "TXT"): ['"v=spf1 include:spf.mt" "asv.net -all"']}
        assert looked_up(more)["SPF"].records == ("v=spf1 include:spf.mtasv.net -all",)

    def test_too_long_for_a_datagram_is_read(self):
        record = "v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(90)) + " -all"
        parts = " ".join(f'"{record[n : n + 200]}"' for n in range(0, len(record), 200))
        finding = looked_up({(DOMAIN, "TXT"): [parts]})["SPF"]
        assert (finding.verdict, finding.records) == (Verdict.GOOD, (record,))

    def test_with_eleven_lookups_is_broken_and_with_ten_is_not(self):
        ten = " ".join(f"exists:e{n}.example.org" for n in range(10))
        assert spf(f"v=spf1 {ten} -all").verdict is Verdict.GOOD
        finding = spf(f"v=spf1 {ten} mx -all")
        assert (finding.verdict, "ten lookups" in finding.summary) == (Verdict.BAD, True)

    def test_counts_the_lookups_of_what_it_includes(self):
        inner = " ".join(f"exists:e{n}.example.org" for n in range(10))
        more = {("inner.example.org", "TXT"): texts(f"v=spf1 {inner} -all")}
        assert "ten lookups" in spf("v=spf1 include:inner.example.org -all", more=more).summary

    def test_that_leads_elsewhere_is_judged_by_that(self):
        more = {("other.example.org", "TXT"): texts("v=spf1 +all")}
        assert spf("v=spf1 redirect=other.example.org", more=more).verdict is Verdict.BAD

    def test_that_includes_itself_comes_to_an_end(self):
        assert spf(f"v=spf1 include:{DOMAIN} -all").verdict is Verdict.GOOD

    @pytest.mark.parametrize("target", ["a..b", "x" * 70, "%{i}._spf.example.org", ""])
    def test_that_includes_what_is_no_name_is_read_to_its_end(self, target):
        assert spf(f"v=spf1 include:{target} -all").verdict is Verdict.GOOD

    def test_that_includes_a_silent_domain_is_judged_by_the_rest(self, monkeypatch):
        monkeypatch.setattr("newsletter.dns_lookups.SECONDS_EACH", 0.2)
        finding = spf("v=spf1 include:silent.example.net -all", silent={"silent.example.net"})
        assert finding.verdict is Verdict.GOOD

    def test_without_the_provider_is_told_of_it(self):
        finding = spf("v=spf1 mx -all", provider="postmark")
        assert (finding.verdict, "include:spf.mtasv.net" in finding.advice) == (Verdict.FAIR, True)

    def test_with_the_provider_further_in_is_fine(self):
        more = {("ours.example.org", "TXT"): texts("v=spf1 include:spf.mtasv.net ?all")}
        finding = spf("v=spf1 include:ours.example.org -all", more=more, provider="postmark")
        assert finding.verdict is Verdict.GOOD

    def test_says_nothing_of_a_provider_whose_servers_are_not_known_here(self):
        assert spf("v=spf1 mx -all", provider="unisender_go").verdict is Verdict.GOOD


@pytest.mark.without_database
class TestDkim:
    def test_under_another_name_is_not_called_missing(self):
        finding = looked_up({(f"pm._domainkey.{DOMAIN}", "TXT"): []})["DKIM"]
        assert finding.verdict is Verdict.UNKNOWN
        assert "No key was found under the usual names" in finding.summary

    def test_under_the_name_that_staff_typed_is_found(self):
        more = {(f"x7._domainkey.{DOMAIN}", "TXT"): [KEY]}
        finding = looked_up(more, selector="x7")["DKIM"]
        assert finding.verdict is Verdict.GOOD
        assert "x7" in finding.summary

    def test_not_under_the_name_that_staff_typed_is_missing(self):
        assert looked_up(selector="typo")["DKIM"].verdict is Verdict.BAD

    def test_withdrawn_is_told(self):
        changes = {(f"pm._domainkey.{DOMAIN}", "TXT"): ['"v=DKIM1; p="']}
        finding = looked_up(changes)["DKIM"]
        assert (finding.verdict, "withdrawn" in finding.summary) == (Verdict.BAD, True)

    def test_is_not_known_where_one_of_the_usual_names_did_not_answer(self, monkeypatch):
        monkeypatch.setattr("newsletter.dns_lookups.SECONDS_EACH", 0.2)
        silent = {f"pm._domainkey.{DOMAIN}"}
        assert "in time" in looked_up(silent=silent)["DKIM"].summary

    def test_some_other_record_under_its_name_is_no_key(self):
        changes = {(f"pm._domainkey.{DOMAIN}", "TXT"): ['"v=spf1 -all"', '"v=DMARC1; p=none"']}
        assert looked_up(changes)["DKIM"].verdict is Verdict.UNKNOWN


@pytest.mark.without_database
class TestDmarc:
    @pytest.mark.parametrize(
        ("records", "verdict", "words"),
        [
            ([], Verdict.BAD, "No record says what"),
            (["v=DMARC1; p=none", "v=DMARC1; p=reject"], Verdict.BAD, "2 DMARC records"),
            (["v=DMARC1; p=none"], Verdict.FAIR, "watch"),
            (["v=DMARC1;p=Quarantine; pct=50"], Verdict.GOOD, "spam"),
            (["v=DMARC1; p=reject"], Verdict.GOOD, "refuse"),
            (["v=DMARC1; p=sometimes"], Verdict.BAD, "does not say"),
            (["v=DMARC1"], Verdict.BAD, "does not say"),
        ],
    )
    def test_is_judged(self, records, verdict, words):
        finding = dmarc(*records)
        assert (finding.verdict, words in finding.summary) == (verdict, True)

    def test_of_the_domain_above_holds_for_those_below(self):
        changes = {
            (f"_dmarc.{DOMAIN}", "TXT"): [],
            ("_dmarc.example.org", "TXT"): texts("v=DMARC1; p=reject; sp=none"),
        }
        finding = looked_up(changes)["DMARC"]
        assert (finding.verdict, "watch" in finding.summary) == (Verdict.FAIR, True)


@pytest.mark.without_database
@pytest.mark.parametrize("servers", [[], ["0 ."]])
def test_a_domain_that_takes_no_mail_could_do_better(servers):
    finding = looked_up({(DOMAIN, "MX"): servers})["MX"]
    assert (finding.verdict, "nobody can answer" in finding.summary) == (Verdict.FAIR, True)


@pytest.mark.without_database
class TestADomainThatCannotBeLookedUp:
    @pytest.mark.parametrize("domain", ["localhost", "", "mail.local", "x.test", "[127.0.0.1]"])
    def test_is_told_apart_without_asking_anyone(self, domain):
        with name_server(dict(IN_ORDER)) as server:
            with pytest.raises(UnknowableDomainError, match="no domain on the internet"):
                check_domain(domain, Lookups(server.resolver()))
            assert server.asked == []

    def test_does_not_exist(self):
        with pytest.raises(UnknowableDomainError, match="There is no domain"):
            looked_up(domain="misspelled.example.net")

    def test_stands_behind_a_silent_name_server(self, monkeypatch):
        monkeypatch.setattr("newsletter.dns_lookups.SECONDS_EACH", 0.2)
        with pytest.raises(UnknowableDomainError, match="No name server answered"):
            looked_up(silent={"*"})

    def test_answers_in_part(self, monkeypatch):
        monkeypatch.setattr("newsletter.dns_lookups.SECONDS_EACH", 0.2)
        found = looked_up(silent={f"_dmarc.{DOMAIN}", f"k1._domainkey.{DOMAIN}"})
        assert found["DMARC"].verdict is Verdict.UNKNOWN
        assert found["DKIM"].verdict is Verdict.GOOD
        assert found["SPF"].verdict is Verdict.GOOD

    def test_is_not_waited_for_beyond_the_time_that_all_may_take(self, monkeypatch):
        monkeypatch.setattr("newsletter.dns_lookups.SECONDS_IN_ALL", -1)
        with pytest.raises(UnknowableDomainError, match="No name server answered"):
            looked_up()

    @pytest.mark.parametrize(
        ("sender", "domain"),
        [
            ("CMSC <news@Sample.ORG>", "sample.org"),
            ("news@sample.org.", "sample.org"),
            ("nobody", ""),
        ],
    )
    def test_is_the_one_behind_the_at_sign(self, sender, domain):
        assert sending_domain(sender) == domain


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def looks_up(self, monkeypatch, settings):
        """Send as the sample domain, and ask the sample name server."""
        settings.DEFAULT_FROM_EMAIL = f"Sample <news@{DOMAIN}>"
        with name_server(dict(IN_ORDER)) as server:
            monkeypatch.setattr(staff_deliverability, "Lookups", lambda: Lookups(server.resolver()))
            yield server

    def test_tells_how_the_mail_is_doing(self, newsletter_staff, settings):
        settings.DEFAULT_FROM_EMAIL = "Sample <news@sample.example.org>"
        long_ago = timezone.now() - timedelta(hours=2)
        for status, created in ((STATUS.queued, long_ago), (STATUS.failed, timezone.now())):
            mail = Email.objects.create(
                from_email="a@example.org", to=["reader@example.org"], status=status
            )
            Email.objects.filter(pk=mail.pk).update(created=created)
        text = newsletter_staff.get(PAGE).content.decode()
        assert "news@sample.example.org" in text
        assert "1 mail has waited for more than 15 minutes, for 2\xa0hours" in text
        assert "Failed in the last 30 days" in text

    def test_asks_nobody_until_told_to(self, newsletter_staff, looks_up):
        newsletter_staff.get(PAGE)
        assert looks_up.asked == []

    def test_shows_what_was_found_and_what_to_do(self, newsletter_staff, looks_up):
        looks_up.records[f"_dmarc.{DOMAIN}", "TXT"] = texts("v=DMARC1; p=none; x=<b>")
        text = newsletter_staff.post(PAGE, {"selector": ""}).content.decode()
        assert text.count("In order.") == 3
        assert "p=quarantine" in text
        assert "x=&lt;b&gt;" in text

    def test_takes_the_name_of_a_key(self, newsletter_staff, looks_up):
        newsletter_staff.post(PAGE, {"selector": "x7"})
        assert [n for n in looks_up.asked if "_domainkey" in n] == [f"x7._domainkey.{DOMAIN}"]

    @pytest.mark.parametrize("selector", ["a b", "../x", "x" * 64, "é", "-", "<b>"])
    def test_refuses_what_is_no_name_and_keeps_it(self, newsletter_staff, looks_up, selector):
        response = newsletter_staff.post(PAGE, {"selector": selector})
        assert response.status_code == 400
        assert looks_up.asked == []

    def test_says_that_localhost_will_not_do(self, newsletter_staff, settings):
        settings.DEFAULT_FROM_EMAIL = "CMSC <noreply@localhost>"
        response = newsletter_staff.post(PAGE, {"selector": ""})
        assert response.status_code == 200
        assert "“localhost” is no domain on the internet" in response.content.decode()

    @pytest.mark.parametrize("address", ["1 Sample Street", ""])
    def test_misses_the_postal_address_that_the_law_wants(self, newsletter_staff, address):
        OrganisationSettings.objects.update(postal_address=address)
        assert ("CAN-SPAM" in newsletter_staff.get(PAGE).content.decode()) is (not address)

    @pytest.mark.parametrize("group", ["", "Editors", "Moderators", "Finance", "Board"])
    def test_is_for_the_newsletter_staff_alone(self, group):
        browser = signed_in(member(group))
        assert browser.get(PAGE).status_code in {302, 403}
        assert browser.post(PAGE, {"selector": ""}).status_code in {302, 403}


@pytest.mark.without_database
class TestTheTransportInWords:
    @pytest.mark.parametrize(
        ("backend", "words"),
        [
            ("django.core.mail.backends.smtp.EmailBackend", "mail.example.org, port 587"),
            ("anymail.backends.amazon_ses.EmailBackend", "The provider amazon ses"),
            ("django.core.mail.backends.filebased.EmailBackend", "no mail leaves it"),
        ],
    )
    def test_names_the_way_and_no_secret(self, settings, backend, words):
        settings.POST_OFFICE = {"BACKENDS": {"default": backend}}
        settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 587
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "sample-user", "sample-password"
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = True, False
        settings.EMAIL_FILE_PATH = "/tmp/sample"  # noqa: S108 - nothing is written there
        told = staff_deliverability.transport()
        assert words in told
        assert "sample" not in told

    def test_says_where_the_way_is_open_to_listeners(self, settings):
        settings.POST_OFFICE = {
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
        }
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        assert "not encrypted" in staff_deliverability.transport()

    def test_says_that_another_kind_sends_nothing(self, settings):
        settings.POST_OFFICE = {
            "BACKENDS": {"default": "django.core.mail.backends.console.EmailBackend"}
        }
        settings.EMAIL_FILE_PATH = None
        assert staff_deliverability.transport() == "console: no mail leaves this machine."
