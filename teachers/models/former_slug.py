"""Addresses that teachers' profiles had before."""

from django.db import models

from teachers.models.teacher import Teacher


class FormerSlug(models.Model):
    """An address that led to a teacher once, and leads on to the present one.

    It is looked up only beside the directory, so that it tells nothing of who is not in it, as a
    redirect would.
    """

    visitors_see = False
    wagtail_reference_index_ignore = True

    slug = models.SlugField(max_length=120, unique=True)
    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug
