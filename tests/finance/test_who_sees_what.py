"""Who may see what: every role at every address by every method."""

import pytest
from django.test import Client

from finance.models import AnnualFigures, BoardAccess, Filing
from tests.factories import (
    AnnualFiguresFactory,
    FilingFactory,
    FilingFileFactory,
    home,
    pdf_bytes,
)
from tests.finance.conftest import read
from tests.signing_in import (
    ROLES,
    SIGN_IN,
    answer_in_short,
    browser_of,
    for_keepers_alone,
)

pytestmark = pytest.mark.django_db

REPORTS = "/about/financials/"
OTHERS = [role for role in ROLES if role not in {"finance", "superuser"}]
EVERYONE = dict.fromkeys(ROLES, 200)
NOBODY = dict.fromkeys(ROLES, 404)
BOARD_ALONE_ELSE_404 = {**NOBODY, "board": 200, "superuser": 200}
BOARD_ALONE_ELSE_403 = {
    **dict.fromkeys(ROLES, 403),
    "anonymous": SIGN_IN,
    "board": 200,
    "superuser": 200,
}
FINANCE_IN_THE_ADMIN = for_keepers_alone("finance", 200)

GET = {
    REPORTS: EVERYONE,
    f"{REPORTS}?kind=form-990": EVERYONE,
    f"{REPORTS}feed.atom": EVERYONE,
    f"{REPORTS}figures.csv": EVERYONE,
    f"{REPORTS}figures.json": EVERYONE,
    f"{REPORTS}2019/public.pdf": EVERYONE,
    f"{REPORTS}2019/public/version-1.pdf": EVERYONE,
    f"{REPORTS}2019/public/{{public}}.jpg": EVERYONE,
    f"{REPORTS}2019.zip": EVERYONE,
    f"{REPORTS}2019/paper.pdf": BOARD_ALONE_ELSE_404,
    f"{REPORTS}2019/paper/version-1.pdf": BOARD_ALONE_ELSE_404,
    f"{REPORTS}2019/paper/{{paper}}.jpg": BOARD_ALONE_ELSE_404,
    f"{REPORTS}2018.zip": NOBODY,
    f"{REPORTS}2019/draft.pdf": NOBODY,
    f"{REPORTS}2019/removed.pdf": NOBODY,
    f"{REPORTS}2019/absent.pdf": NOBODY,
    "/board/": BOARD_ALONE_ELSE_403,
    "/board/2019/paper.pdf": BOARD_ALONE_ELSE_403,
    "/board/2019/paper/version-1.pdf": BOARD_ALONE_ELSE_403,
    "/board/2019/paper/{paper}.jpg": BOARD_ALONE_ELSE_403,
    "/board/2019/public.pdf": BOARD_ALONE_ELSE_403,
    "/board/2019.zip": BOARD_ALONE_ELSE_403,
    "/board/2019/absent.pdf": {**BOARD_ALONE_ELSE_403, "board": 404, "superuser": 404},
    "/board/2019/draft.pdf": {**BOARD_ALONE_ELSE_403, "board": 404, "superuser": 404},
    "/board/2019/removed.pdf": {**BOARD_ALONE_ELSE_403, "board": 404, "superuser": 404},
    "/admin/snippets/finance/filing/": FINANCE_IN_THE_ADMIN,
    "/admin/snippets/finance/filing/add/": FINANCE_IN_THE_ADMIN,
    "/admin/snippets/finance/filing/edit/{paper_pk}/": FINANCE_IN_THE_ADMIN,
    "/admin/snippets/finance/filing/delete/{paper_pk}/": FINANCE_IN_THE_ADMIN,
    "/admin/snippets/finance/filing/history/{paper_pk}/": FINANCE_IN_THE_ADMIN,
    "/admin/snippets/finance/filing/usage/{paper_pk}/": FINANCE_IN_THE_ADMIN,
    "/admin/snippets/finance/annualfigures/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/files/{file_pk}/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/files/{file_pk}/status/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/files/{file_pk}/withhold/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/removed/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/removed/{removed_pk}/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/import/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/disclosure/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/board/": FINANCE_IN_THE_ADMIN,
    "/admin/finance/board/results/": FINANCE_IN_THE_ADMIN,
    "/admin/settings/finance/financesettings/": for_keepers_alone("finance", 302),
}


@pytest.fixture
def filed() -> dict[str, Filing]:
    filed = {
        "public": FilingFactory(slug="public"),
        "paper": FilingFactory(board=True, slug="paper"),
        "draft": FilingFactory(slug="draft", live=False),
        "removed": FilingFactory(slug="removed"),
        "paper of a year without others": FilingFactory(board=True, fiscal_year=2018),
    }
    paper = filed["paper"]
    paper.file = FilingFileFactory(content=pdf_bytes("Second"))
    paper.save()
    filed["removed"].delete()
    AnnualFiguresFactory(fiscal_year=2019)
    return filed


def address(pattern: str, filed: dict[str, Filing]) -> str:
    return pattern.format(
        public=filed["public"].file.sha256[:16],
        paper=filed["paper"].file.sha256[:16],
        paper_pk=filed["paper"].pk,
        file_pk=filed["paper"].files.get(number=1).pk,
        removed_pk=filed["removed"].pk,
    )


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_for_it_and_nothing_else(role, filed):
    client = browser_of(role)
    seen, expected = {}, {}
    for pattern, by_role in GET.items():
        response = client.get(address(pattern, filed))
        seen[pattern] = answer_in_short(response)
        expected[pattern] = by_role[role]
        read(response)
    assert seen == expected


@pytest.mark.parametrize("role", ROLES)
def test_head_answers_as_get_does(role, filed):
    client = browser_of(role)
    for pattern in (pattern for pattern in GET if not pattern.startswith("/admin/")):
        got = client.get(address(pattern, filed))
        headed = client.head(address(pattern, filed))
        assert headed.status_code == got.status_code, pattern
        assert headed.get("Content-Length") == got.get("Content-Length"), pattern
        if got.status_code == 200 and pattern.endswith((".pdf", ".jpg", ".zip")):
            assert headed.get("ETag") == got.get("ETag"), pattern
        assert b"".join(headed) == b""
        read(got)
        read(headed)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_other_method_changes_or_tells_anything(role, method, filed):
    client = browser_of(role)
    before = _everything()
    for pattern in (pattern for pattern in GET if not pattern.startswith("/admin/")):
        response = getattr(client, method)(address(pattern, filed))
        assert response.status_code in {404, 405}, pattern
        assert not response.content or b"Sample filing" not in response.content
    assert _everything() == before


@pytest.mark.parametrize("role", OTHERS)
def test_who_does_not_file_changes_nothing_in_the_admin(role, filed):
    client = browser_of(role)
    before = _everything()
    for pattern in (pattern for pattern in GET if pattern.startswith("/admin/")):
        response = client.post(address(pattern, filed), {"step": "second", "confirm": "yes"})
        assert response.status_code in {302, 403, 405}, pattern
    assert _everything() == before


def _everything() -> list:
    return [
        *Filing.objects.order_by("pk").values(),
        *AnnualFigures.objects.order_by("pk").values(),
        BoardAccess.objects.count(),
    ]


class TestNoHint:
    """Of a paper that is for the board alone, nobody else learns that it exists."""

    @pytest.fixture(autouse=True)
    def _filed(self, paper, form_990):
        self.paper = paper

    @pytest.mark.parametrize(
        "path",
        [
            REPORTS,
            f"{REPORTS}?kind=board-paper",
            f"{REPORTS}?year=2019",
            f"{REPORTS}feed.atom",
            f"{REPORTS}figures.json",
            "/sitemap.xml",
            "/search/?q=secret",
            "/search/?q=zebra",
            "/",
        ],
    )
    @pytest.mark.parametrize("role", ["anonymous", "user", "editor", "finance"])
    def test_in_no_list(self, role, path):
        AnnualFiguresFactory(fiscal_year=2019, source=self.paper)
        text = browser_of(role).get(path).content.decode()
        for hint in ("Sample secret paper", "sample-secret-paper", "zebra budget", "Board paper"):
            assert hint not in text

    def test_an_answer_to_a_guessed_address_is_the_same_as_to_an_absent_one(self):
        client = Client()
        for ending in (".pdf", "/version-1.pdf", f"/{self.paper.file.sha256[:16]}.jpg"):
            hidden = client.get(f"{REPORTS}2019/{self.paper.slug}{ending}")
            absent = client.get(f"{REPORTS}2019/{self.paper.slug[::-1]}{ending}")
            assert _comparable(hidden) == _comparable(absent)

    def test_the_board_asks_everyone_to_sign_in_whatever_the_address(self):
        client = Client()
        hidden = client.get(f"/board/2019/{self.paper.slug}.pdf")
        absent = client.get("/board/2019/no-such-paper.pdf")
        assert hidden.status_code == absent.status_code == 302
        assert hidden.headers.keys() == absent.headers.keys()

    def test_a_boards_answer_is_kept_by_no_cache(self, board, client):
        for path in ("/board/", f"/board/{self.paper.path}", f"{REPORTS}{self.paper.path}"):
            response = board.get(path)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]
            assert "private" in response["Cache-Control"]
            read(response)
        assert client.get(f"{REPORTS}{self.paper.path}").status_code == 404
        assert "Sample secret paper" not in client.get(REPORTS).content.decode()

    def test_a_year_as_zip_has_no_paper_in_it(self, client, board):
        assert b"secret" not in b"".join(client.get(f"{REPORTS}2019.zip"))
        assert b"secret" in b"".join(board.get("/board/2019.zip"))

    def test_a_file_is_not_below_media(self, client):
        name = self.paper.file.file.name
        for path in (f"/media/{name}", f"/media/images/../{name}", f"/filings/{name}"):
            assert client.get(path).status_code == 404
        assert client.get(f"/_filings/{name}").status_code == 404

    def test_an_amendment_does_not_name_the_paper_that_it_amends(self, client):
        FilingFactory(amends=self.paper, title="Sample amendment")
        text = client.get(REPORTS).content.decode()
        assert "Sample amendment" in text
        assert "Sample secret paper" not in text

    def test_what_the_board_alone_had_stays_hidden_when_the_filing_becomes_public(self, client):
        filing = FilingFactory(board=True, kind="policy", title="Sample policy", slug="policy")
        former = filing.file
        filing.file = FilingFactory(slug="other").file
        filing.visibility = "public"
        filing.save()
        assert client.get(f"{REPORTS}2019/policy.pdf").status_code == 200
        former.refresh_from_db()
        assert former.superseded_at
        assert client.get(f"{REPORTS}2019/policy/version-{former.number}.pdf").status_code == 404
        assert "earlier version" not in client.get(REPORTS).content.decode()

    def test_a_private_page_hides_everything_below_it(self, client, reports):
        from wagtail.models import PageViewRestriction

        PageViewRestriction.objects.create(page=home(), restriction_type="login")
        for path in ("2019/sample-return.pdf", "2019.zip", "feed.atom", "figures.csv"):
            assert client.get(f"{REPORTS}{path}").status_code == 302


def _comparable(response) -> tuple:
    # The page names the address that was asked for, and so does its ETag.
    unlike = {"X-Request-ID", "ETag"}
    headers = {name: value for name, value in response.items() if name not in unlike}
    text = response.content.decode()
    return response.status_code, headers, len(text)
