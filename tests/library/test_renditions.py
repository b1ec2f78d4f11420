"""The worker makes pictures in all sizes; a visit shows what there is and makes nothing."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Filter

from cmsc_site.worker import run_next_task
from library.layouts import LAYOUTS, SOCIAL_SPEC, STAND_IN_SPEC, all_specs, made, picture
from library.models import Rendition, UploadedImage
from library.renditions import incomplete, make_missing_renditions, make_renditions
from pages.models import StandardPage
from people.models import Person
from tests.factories import ImageFactory, StandardPageFactory, TeacherFactory, home, picture_bytes

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "BEGIN IMMEDIATE")


@pytest.fixture
def no_drawing(monkeypatch):
    """Fail the test where a picture is made."""

    def run(self, *args, **kwargs):
        raise AssertionError(f"{self.spec} was made within a visit")

    monkeypatch.setattr(Filter, "run", run)


def body_with(image: UploadedImage) -> list:
    raw = {"image": image.pk, "decorative": False, "alt_text": "Two people on a bench"}
    block = {"type": "picture", "value": {"image": raw, "caption": ""}}
    return StandardPage._meta.get_field("body").stream_block.to_python([block])


def large(**attributes) -> UploadedImage:
    content = ContentFile(picture_bytes(1600, 1000), "large.jpg")
    return ImageFactory(file=content, **attributes)


@pytest.fixture
def pages_with_a_picture() -> tuple[UploadedImage, list[str]]:
    """A picture of which nothing was made, and addresses of pages that show it, each its way."""
    image = large()
    StandardPageFactory(parent=home(), slug="with", body=body_with(image), social_image=image)
    lisa = Person.objects.get(slug="lisa-baylis")
    lisa.portrait = image
    lisa.save()
    TeacherFactory(slug="shown", portrait=image)
    paths = ["/with/", "/about/leadership/", "/about/leadership/lisa-baylis/"]
    return image, [*paths, "/teachers/shown/", "/teachers/?q=" + "Teacher"]


def test_a_visit_before_any_picture_is_made_makes_none_and_writes_nothing(
    client, pages_with_a_picture, no_drawing
):
    image, paths = pages_with_a_picture
    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert response.status_code == 200, path
        assert not [q["sql"] for q in captured if q["sql"].startswith(WRITES)], path
    assert not image.renditions.exists()


def test_until_a_picture_is_made_its_place_is_kept_and_its_words_are_told(
    client, pages_with_a_picture
):
    body = client.get("/with/").content.decode()
    place = '<svg class="picture-waiting" width="1600" height="1000" viewBox="0 0 1600 1000"'
    assert f'{place} role="img" aria-label="Two people on a bench">' in body
    assert "/social/" in body
    assert "<img" not in body
    assert 'aria-hidden="true"></svg>' in client.get("/about/leadership/").content.decode()


def test_once_the_worker_has_been_there_every_format_and_width_is_shown(
    client, pages_with_a_picture, committed
):
    image, paths = pages_with_a_picture
    client.get("/with/")
    with committed():
        assert make_renditions.call(image.pk) == len(all_specs())
    body = client.get("/with/").content.decode()
    for kind in ("avif", "webp"):
        assert f'type="image/{kind}"' in body
    for spec in LAYOUTS["body"].specs:
        assert image.renditions.get(filter_spec=spec).url in body
    assert image.renditions.get(filter_spec=SOCIAL_SPEC).url in body
    assert "picture-waiting" not in body
    for path in paths:
        assert 'type="image/avif"' in client.get(path).content.decode(), path


def test_where_no_worker_runs_the_stand_in_is_shown_at_once(client, committed, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with committed():
        image = large()
    assert image.renditions.get().filter_spec == STAND_IN_SPEC
    shown = str(picture(image, LAYOUTS["card"], alt="Words"))
    assert image.renditions.get().url in shown
    assert 'alt="Words"' in shown
    assert "<source" not in shown


def test_the_worker_makes_the_rest(committed, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with committed():
        image = large()
    while run_next_task("worker-of-a-test"):
        pass
    assert set(image.renditions.values_list("filter_spec", flat=True)) == set(all_specs())


def test_another_focal_point_makes_the_cut_pictures_anew(committed):
    with committed():
        image = large()
    before = made(image, *LAYOUTS["card"].specs)
    with committed():
        image.focal_point_x, image.focal_point_y = 1500, 900
        image.focal_point_width = image.focal_point_height = 50
        image.save()
    image = UploadedImage.objects.get(pk=image.pk)
    after = made(image, *LAYOUTS["card"].specs)
    assert len(after) == len(before) == len(LAYOUTS["card"].specs)
    assert {one.url for one in after.values()}.isdisjoint(one.url for one in before.values())


def test_publishing_makes_what_is_missing_of_the_pictures_shown(committed):
    image = large()
    page = StandardPageFactory(parent=home(), slug="with", body=body_with(image))
    Rendition.objects.all().delete()
    with committed():
        page.save_revision().publish()
    assert image.renditions.count() == len(all_specs())


def test_publishing_a_person_makes_what_is_missing_of_the_portrait(committed):
    image = large()
    lisa = Person.objects.get(slug="lisa-baylis")
    lisa.portrait = image
    with committed():
        lisa.save_revision().publish()
    assert image.renditions.count() == len(all_specs())


def test_a_picture_that_cannot_be_read_is_saved_and_told_of(committed, caplog):
    with committed():
        image = ImageFactory()
        image.file.storage.delete(image.file.name)
    assert not image.renditions.exists()
    assert "a picture could not be made" in caplog.text


def on_a_page(image: UploadedImage) -> UploadedImage:
    StandardPageFactory(parent=home(), slug=f"with-{image.pk}", body=body_with(image))
    return image


def test_the_command_makes_what_is_missing_and_says_how_far_it_is(capsys):
    on_a_page(ImageFactory(title="First"))
    gone = on_a_page(ImageFactory(title="Gone"))
    gone.file.storage.delete(gone.file.name)
    call_command("make_renditions")
    said = capsys.readouterr()
    assert "Picture 1 of 2: First" in said.out
    assert "1 pictures made whole." in said.out
    assert f"Picture {gone.pk} could not be read: Gone" in said.err
    assert list(incomplete()) == [gone]


def test_after_a_new_version_each_incomplete_picture_is_made_by_a_task_of_its_own(committed):
    with committed():
        image = large()
    image.renditions.filter(filter_spec=SOCIAL_SPEC).delete()
    on_a_page(large())
    assert make_missing_renditions.call() == 2
    assert not incomplete().exists()


def test_what_was_taken_away_and_stands_on_no_page_is_not_made_again(committed):
    with committed():
        image = large()
    image.renditions.all().delete()
    assert make_missing_renditions.call() == 0
    call_command("make_renditions")
    assert not image.renditions.exists()


def test_the_largest_picture_above_the_fold_is_fetched_first_and_all_others_late(
    client, pages_with_a_picture, committed
):
    image, _paths = pages_with_a_picture
    make_renditions.call(image.pk)
    for path in ("/about/leadership/lisa-baylis/", "/teachers/shown/", "/with/"):
        body = client.get(path).content.decode()
        assert 'fetchpriority="high"' in body, path
        assert 'loading="lazy"' not in body, path
    body = client.get("/about/leadership/").content.decode()
    assert 'loading="lazy"' in body
    assert 'fetchpriority="high"' not in body
