"""What a programme decides about its meetings. Nothing is allowed until its facilitators allow it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parley.programmes.models import Programme, Side


class MeetingCustoms(models.Model):
    programme = models.OneToOneField(Programme, models.CASCADE, related_name="meeting_customs")
    answers_by_link = models.BooleanField(_("date polls are answered by a link without sign-in"), default=False)

    class Meta:
        verbose_name = _("meeting customs of a programme")

    def __str__(self) -> str:
        return str(self.programme)


class SideCountry(models.Model):
    """Whose public holidays a date poll marks for a side."""

    side = models.OneToOneField(Side, models.CASCADE, related_name="country_of_holidays")
    # ISO 3166-1 alpha-2.
    country = models.CharField(_("country"), max_length=2)

    class Meta:
        verbose_name = _("country of a side’s holidays")

    def __str__(self) -> str:
        return f"{self.side} · {self.country}"
