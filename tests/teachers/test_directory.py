"""What a visitor finds in the directory."""

import re
from html import unescape

import pytest

from pages.models import OrganisationSettings
from teachers.geometry import Point, distance
from teachers.models import DirectoryEntry, TeacherDirectoryPage
from tests.factories import ProgramFactory, TeacherFactory

pytestmark = pytest.mark.django_db


def page(client, query: str = "") -> str:
    response = client.get(f"/teachers/{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def names(text: str) -> list[str]:
    """The names of the teachers in a page's lists, in order."""
    return re.findall(r'class="teacher__name"><a href="[^"]+">([^<]+)</a>', text)


def listed(client, query: str = "") -> list[str]:
    """The names in the list of results alone."""
    others = r"<section[^>]*(?:nearest|online)-teachers"
    return names(re.split(others, page(client, query))[0])


class TestByPlace:
    def test_the_nearest_is_first_and_the_distance_is_told(self, client, world):
        TeacherFactory(name="Far", place=world["Villeurbanne"])
        TeacherFactory(name="Here", place=world["Lyon"])
        TeacherFactory(name="Elsewhere", place=world["Paris"])
        text = page(client, "?near=Lyon")
        assert listed(client, "?near=Lyon") == ["Here", "Far"]
        assert "in Lyon" in text
        assert "about 3 km from Lyon" in text
        assert "2 teachers near Lyon" in text

    def test_the_distance_is_in_miles_where_roads_are(self, client, world):
        TeacherFactory(place=world["Portland, OR"])
        assert "miles" in page(client, "?near=Portland, Oregon&distance=50")

    def test_a_wider_circle_finds_more(self, client, world):
        TeacherFactory(name="Elsewhere", place=world["Paris"])
        assert listed(client, "?near=Lyon&distance=392") == []
        assert listed(client, "?near=Lyon&distance=394") == ["Elsewhere"]

    def test_no_distance_at_all_finds_the_town_itself(self, client, world):
        TeacherFactory(name="Here", place=world["Lyon"])
        TeacherFactory(name="Next door", place=world["Villeurbanne"])
        assert listed(client, "?near=Lyon&distance=0") == ["Here"]

    def test_the_date_line_is_no_wall(self, client, world):
        TeacherFactory(name="Across", place=world["Apia"])
        far = distance(Point(-18.14161, 178.44149), Point(-13.83333, -171.76666))
        assert listed(client, f"?near=Suva&distance={far + 2:.0f}") == ["Across"]

    @pytest.mark.parametrize("far", ["1e9", "30000", "20016"])
    def test_a_distance_around_the_earth_finds_everyone(self, client, world, far):
        for place in world.values():
            TeacherFactory(place=place)
        assert f"{len(world)} teachers" in page(client, f"?near=Lyon&distance={far}")

    @pytest.mark.parametrize("far", ["-1", "NaN", "inf", "-inf", "far", "1e999", "%", "_", "٣x"])
    def test_a_distance_that_is_none_is_said_to_be_none(self, client, world, far):
        TeacherFactory(name="Here", place=world["Lyon"])
        text = page(client, f"?near=Lyon&distance={far}")
        assert "A distance is a number of kilometers" in text
        assert names(text) == ["Here"]

    def test_a_country_is_searched_within(self, client, world):
        TeacherFactory(name="Here", place=world["Lyon"])
        TeacherFactory(name="There", place=world["Paris"])
        TeacherFactory(name="Abroad", place=world["Munich"])
        assert listed(client, "?near=France") == ["Here", "There"]
        assert "2 teachers in France" in page(client, "?near=Frankreich")

    def test_a_state_is_searched_within(self, client, world):
        TeacherFactory(name="West", place=world["Portland, OR"])
        TeacherFactory(name="East", place=world["Portland, ME"])
        assert listed(client, "?near=Oregon") == ["West"]

    def test_two_places_of_one_name_are_asked_about(self, client, world):
        text = page(client, "?near=Portland&level=2")
        assert "Which “Portland” do you mean?" in text
        ways = re.findall(r'class="ways__link" href="([^"]+)">([^<]+)<', text)
        assert [label for _address, label in ways] == [
            "Portland, Oregon, United States",
            "Portland, Maine, United States",
        ]
        TeacherFactory(name="East", place=world["Portland, ME"])
        assert "level=2" in ways[1][0]
        found = client.get(ways[1][0].replace("&level=2", "").partition("#")[0])
        assert names(found.content.decode()) == ["East"]

    def test_an_unknown_place_is_said_to_be_unknown(self, client, world):
        text = page(client, "?near=Lyno")
        assert "We do not know a place called “Lyno”" in text
        assert "We will help you" in text

    def test_without_places_the_page_says_that_it_is_not_ready(self, client):
        assert "The search by place is not ready yet" in page(client, "?near=Lyon")

    def test_a_position_is_searched_around(self, client, world):
        TeacherFactory(name="Here", place=world["Lyon"])
        text = page(client, "?near=45.7, 4.8")
        assert names(text) == ["Here"]
        assert "from your position" in text


class TestNobody:
    def test_the_nearest_three_are_named_with_their_distances(self, client, world):
        for number in range(4):
            TeacherFactory(name=f"Sample {number}", place=world["Paris"])
        text = page(client, "?near=Lyon")
        assert "The nearest teachers" in text
        assert names(text) == ["Sample 0", "Sample 1", "Sample 2"]
        assert "about 390 km from Lyon" in text

    def test_whoever_teaches_online_in_the_language_is_offered(self, client, world):
        for number in range(4):
            TeacherFactory(name=f"French {number}", place=world["Munich"], languages=["fr"])
        online = {"place": world["Paris"], "teaches_online": True}
        TeacherFactory(name="French online", languages=["fr"], **online)
        TeacherFactory(name="German online", languages=["de"], **online)
        text = page(client, "?near=Portland, Oregon&language=fr&distance=10")
        found = text.partition("Online, from elsewhere")[0]
        assert names(found) == ["French online", "French 0", "French 1"]
        TeacherFactory(name="Here", place=world["Portland, OR"], languages=["fr"])
        text = page(client, "?near=Portland, Oregon&language=fr&distance=10")
        found, _heading, elsewhere = text.partition("Online, from elsewhere")
        assert names(found) == ["Here"]
        assert names(elsewhere) == ["French online"]

    def test_it_says_how_to_write_to_the_organization(self, client, world, root_site):
        settings = OrganisationSettings.for_site(root_site)
        settings.email = "help@example.org"
        settings.save()
        text = page(client, "?q=nobody-at-all")
        assert "There is no teacher who fits." in text
        assert "help@example.org" in text

    def test_the_nearest_are_shown_though_none_of_them_fits(self, client, world):
        TeacherFactory(name="Elsewhere", place=world["Paris"], languages=["fr"])
        assert "Elsewhere" in names(page(client, "?near=Lyon&language=sw"))


class TestChoices:
    @pytest.fixture
    def teachers(self, world, level):
        program = ProgramFactory(name="Sample program")
        trained, certified = level("Trained Teacher"), level("Certified Teacher")
        return [
            TeacherFactory(
                name=f"T{number}",
                level=certified if number % 3 else trained,
                languages=[["en"], ["fr", "en"], ["de"], []][number % 4],
                teaches_online=number % 2 == 0,
                teaches_in_person=number % 5 != 0,
                programs=[program] if number % 7 == 0 else [],
                place=world[["Lyon", "Paris", "Munich"][number % 3]],
            )
            for number in range(20)
        ]

    @pytest.mark.parametrize(
        "base", ["?", "?near=France&", "?near=Lyon&distance=500&", "?level=2&"]
    )
    def test_each_number_beside_a_choice_is_what_the_choice_finds(self, client, teachers, base):
        text = page(client, base)
        choices = re.findall(
            r'name="(\w+)" value="([\w-]+)"(?: checked)?> <span>[^<]+</span> '
            r'<span class="options__count"><span[^>]*>[^<]*</span>(\d+)<',
            text,
        )
        assert len(choices) >= 6
        for name, value, count in choices:
            if name == "level" and "level" in base:
                continue  # a second level adds to the first
            assert len(listed(client, f"{base}{name}={value}")) == int(count), (name, value)

    def test_several_of_one_kind_mean_any_of_them(self, client, teachers):
        both = set(listed(client, "?language=de&language=fr"))
        german, french = listed(client, "?language=de"), listed(client, "?language=fr")
        assert both == {*german, *french}
        assert german
        assert french

    def test_a_code_is_no_part_of_another(self, client, world):
        TeacherFactory(name="One", languages=["en"])
        assert listed(client, "?language=e") == ["One"]  # no language, so not asked for
        assert listed(client, "?language=ne") == []

    def test_what_is_chosen_stays_chosen(self, client, teachers):
        text = page(client, "?language=de&level=2&near=France&q=T")
        assert re.search(r'name="language" value="de" checked', text)
        assert re.search(r'name="level" value="2" checked', text)
        assert 'value="France"' in text
        assert "<details" in text
        assert re.search(r"<details[^>]* open", text)

    def test_what_cannot_be_is_passed_over(self, client, teachers):
        everyone = listed(client)
        odd = "?level=x&language=%00&format=%25&program=_&level=99999999999999999999"
        assert listed(client, odd) == everyone


class TestPages:
    @pytest.fixture
    def many(self, world):
        return [TeacherFactory(name=f"T {number:03}", place=world["Lyon"]) for number in range(45)]

    def test_each_teacher_is_on_one_page(self, client, many):
        found = [name for number in (1, 2, 3) for name in listed(client, f"?page={number}")]
        assert found == [teacher.name for teacher in many]

    def test_a_link_to_a_page_holds_the_whole_search(self, client, many):
        text = page(client, "?near=Lyon&distance=25&level=3")
        link = re.search(r'rel="next" href="([^"#]+)', text)[1]
        for part in ("near=Lyon", "distance=25", "level=3", "page=2"):
            assert part in link
        assert len(names(client.get(link).content.decode())) == 20

    def test_a_page_beyond_the_last_is_said_to_be_none(self, client, many):
        text = page(client, "?page=9999")
        assert "There are 3 pages of results, and this is the last." in text
        assert len(names(text)) == 5

    @pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "%00", "99999999999"])
    def test_a_page_that_is_no_number_is_the_first(self, client, many, number):
        text = page(client, f"?page={number}")
        assert names(text)[0] == "T 000"
        assert "There is no such page of results" in text or "this is the" in text

    @pytest.mark.parametrize("query", ["?", "?near=Lyon&", "?near=France&", "?q=T&"])
    def test_takes_as_many_queries_for_few_as_for_many(
        self, client, many, world, count_queries, query
    ):
        page(client, query)
        few = count_queries(lambda: page(client, query))
        for number in range(40):
            TeacherFactory(name=f"T 9{number:02}", place=world["Paris"])
        page(client, query)
        assert count_queries(lambda: page(client, query)) == few
        assert few <= 12


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 10_000,
        "%",
        "_",
        "%%%",
        "'; DROP TABLE teachers_teacher;--",
        "\x00",
        "\u202e",
        "😀",
        "​",
    ],
)
@pytest.mark.parametrize("name", ["q", "near"])
def test_whatever_is_typed_gets_an_answer(client, world, name, typed):
    TeacherFactory(place=world["Lyon"])
    assert client.get("/teachers/", {name: typed}).status_code == 200


def test_a_search_is_not_for_search_engines_and_the_page_itself_is(client, world):
    assert 'content="noindex' in page(client, "?near=Lyon")
    assert 'content="noindex' not in page(client)


def test_suggestions_are_places_and_never_teachers(client, world):
    TeacherFactory(name="Lyonel Sample")
    found = client.get("/teachers/places.json?q=lyo").json()
    assert found == {"places": [{"label": "Lyon, France", "kind": "town"}]}
    assert client.get("/teachers/places.json?q=").json() == {"places": []}


def test_samples_are_said_to_be_samples(client, world):
    TeacherFactory(is_sample=True)
    text = page(client)
    assert text.count("marked so are invented") == 1
    assert "badge--sample" in text


def test_samples_are_spoken_of_only_where_some_are_shown(client, world):
    TeacherFactory(name="Real", place=world["Lyon"], teaches_online=True)
    TeacherFactory(name="Invented", place=world["Paris"], is_sample=True, teaches_online=False)
    assert "invented" not in page(client, "?near=Lyon")
    assert "invented" not in page(client, "?q=nobodyatall")


def test_samples_are_spoken_of_where_the_first_of_them_stands(client, world):
    TeacherFactory(name="Real", place=world["Lyon"])
    TeacherFactory(name="Invented", place=world["Paris"], is_sample=True, teaches_online=True)
    text = page(client, "?near=Lyon")
    assert text.index("Online, from elsewhere") < text.index("marked so are invented")
    text = page(client, "?near=Suva")
    assert text.index("The nearest teachers") < text.index("marked so are invented")
    assert text.count("marked so are invented") == 1


def test_teachers_find_the_way_to_their_entry_above_the_search(client):
    text = page(client)
    assert 0 < text.index(">Teachers: update your entry</a>") < text.index('id="near"')


def test_places_are_credited(client):
    assert "GeoNames" in page(client)
    assert "CC BY 4.0" in page(client)


def test_words_find_names_first_and_then_what_is_said(client, world):
    TeacherFactory(name="Anna Trauma")
    TeacherFactory(name="Zoe Sample", biography="<p>I work with trauma.</p>")
    TeacherFactory(name="Ben Sample")
    assert listed(client, "?q=trauma") == ["Anna Trauma", "Zoe Sample"]


def test_there_is_one_directory(client):
    assert TeacherDirectoryPage.objects.get().get_url() == "/teachers/"
    assert not DirectoryEntry.objects.exists()
    assert "No teachers" in page(client)
