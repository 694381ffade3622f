"""Names in two languages: the reader's language chooses."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Bilingual(models.Model):
    """A row that patients see by name, in Thai and in English."""

    name_th = models.CharField(_("name (Thai)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of whoever reads it."""
        return in_language(self.name_th, self.name_en)


def in_language(thai: str, english: str) -> str:
    """One of two texts by the active language; the other one where it is empty."""
    if (get_language() or "th").startswith("th"):
        return thai or english
    return english or thai
