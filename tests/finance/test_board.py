"""The board's library: what is in it, what is new, what is noted, and who can read the notes."""

import datetime

import pytest
import time_machine

from finance.models import BoardAccess
from tests.factories import FilingFactory, FilingFileFactory
from tests.finance.conftest import read
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
TUESDAY = MONDAY + datetime.timedelta(days=1)
WEDNESDAY = MONDAY + datetime.timedelta(days=2)


def text_of(client, path: str = "/board/") -> str:
    return client.get(path).content.decode()


class TestTheLibrary:
    def test_has_papers_and_public_filings_by_year(self, board, paper, form_990):
        text = text_of(board)
        assert "Sample secret paper" in text
        assert "For the board alone" in text
        assert "Sample return" in text

    def test_is_narrowed_by_kind_and_year(self, board, paper, form_990):
        assert "Sample return</a>" not in text_of(board, "/board/?kind=board-paper")
        assert "There is no such document here." in text_of(board, "/board/?year=1999")

    @pytest.mark.parametrize("query", ["zebra", "ZEBRA budget", "secret"])
    def test_is_searched_inside_the_files(self, board, paper, form_990, query):
        text = text_of(board, f"/board/?q={query}")
        assert "Sample secret paper" in text
        assert "Sample return</a>" not in text

    @pytest.mark.parametrize("query", ["%22", "'", "a:b & | !", "%00", "x" * 3000])
    def test_an_odd_search_is_only_a_search(self, board, paper, query):
        assert board.get(f"/board/?q={query}").status_code == 200

    def test_says_when_it_is_empty(self, board):
        from finance.models import Filing

        Filing.objects.all().delete()
        assert "There are no documents yet." in text_of(board)

    def test_shows_the_board_earlier_versions_of_its_papers(self, board, paper):
        paper.file = FilingFileFactory(content=b"%PDF-1.7 second", reason="Corrected")
        paper.save()
        assert "Corrected" in text_of(board)
        old = board.get(f"/board/{paper.address_year}/{paper.slug}/version-1.pdf")
        assert old.status_code == 200
        read(old)

    def test_takes_as_many_queries_for_two_hundred_papers_as_for_two(self, board, count_queries):
        FilingFactory.create_batch(2, board=True)
        board.get("/board/")
        few = count_queries(lambda: board.get("/board/"))
        file = FilingFileFactory()
        for index in range(200):
            FilingFactory(board=True, slug=f"s-{index}", file=file)
        assert count_queries(lambda: board.get("/board/")) == few

    def test_welcomes_a_member_who_signs_in(self, board):
        assert board.get("/account/welcome/", follow=True).redirect_chain[-1][0] == "/board/"


class TestWhatIsNew:
    def test_is_marked_until_the_next_visit(self):
        user = member("Board")
        with time_machine.travel(MONDAY, tick=False):
            FilingFactory(board=True, title="Sample old paper")
            assert "New since your last visit" not in text_of(signed_in(user))
        with time_machine.travel(TUESDAY, tick=False):
            FilingFactory(board=True, title="Sample new paper")
            client = signed_in(user)
            for _looking_twice in range(2):
                text = text_of(client)
                assert text.count("New since your last visit") == 1
                assert "1 document is new since your last visit." in text
        with time_machine.travel(WEDNESDAY, tick=False):
            assert "Nothing is new since your last visit." in text_of(signed_in(user))

    def test_a_replaced_file_is_new_again(self):
        user = member("Board")
        with time_machine.travel(MONDAY, tick=False):
            paper = FilingFactory(board=True)
            text_of(signed_in(user))
        with time_machine.travel(TUESDAY, tick=False):
            paper.file = FilingFileFactory(content=b"%PDF-1.7 second")
            paper.save()
            assert "New since your last visit" in text_of(signed_in(user))

    def test_another_members_visit_changes_nothing(self):
        user, other = member("Board"), member("Board")
        with time_machine.travel(MONDAY, tick=False):
            text_of(signed_in(user))
        with time_machine.travel(TUESDAY, tick=False):
            FilingFactory(board=True)
            text_of(signed_in(other))
        with time_machine.travel(WEDNESDAY, tick=False):
            assert "New since your last visit" in text_of(signed_in(user))


class TestTheLog:
    def lines(self) -> list[tuple[str, str]]:
        found = BoardAccess.objects.exclude(act="visit").order_by("pk")
        return list(found.values_list("act", "subject"))

    def test_has_a_line_for_each_download(self, board, paper):
        for path in (f"/board/{paper.path}", f"/about/financials/{paper.path}"):
            read(board.get(path))
        assert self.lines() == [("download", "Sample secret paper (2019)")] * 2

    def test_has_a_line_for_a_year(self, board, paper):
        b"".join(board.get("/board/2019.zip"))
        assert self.lines() == [("year", "2019")]

    def test_has_none_for_what_is_only_asked_about(self, board, paper):
        path = f"/board/{paper.path}"
        etag = board.get(path)["ETag"]
        BoardAccess.objects.all().delete()
        read(board.head(path))
        read(board.get(path, headers={"if-none-match": etag}))
        read(board.get(f"/board/{paper.address_year}/{paper.slug}/{paper.file.sha256[:16]}.jpg"))
        assert self.lines() == []

    def test_has_none_for_what_everyone_may_read_at_its_public_address(self, board, form_990):
        read(board.get(f"/about/financials/{form_990.path}"))
        assert self.lines() == []

    def test_keeps_the_name_of_who_left_and_of_what_was_removed(self, paper):
        user = member("Board", email="left@example.org")
        read(signed_in(user).get(f"/board/{paper.path}"))
        user.delete()
        paper.delete()
        line = BoardAccess.objects.get()
        assert (line.who, line.subject) == ("left@example.org", "Sample secret paper (2019)")

    def test_is_read_by_finance_and_can_be_exported(self, board, finance, paper):
        read(board.get(f"/board/{paper.path}"))
        assert "Sample secret paper (2019)" in text_of(finance, "/admin/finance/board/")
        exported = finance.get("/admin/finance/board/?export=csv")
        assert b"Sample secret paper (2019)" in b"".join(exported)

    def test_cannot_be_changed_by_anyone_in_the_admin(self, finance):
        assert finance.get("/admin/snippets/finance/boardaccess/").status_code == 404
