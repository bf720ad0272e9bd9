"""Why the readings of a record are looked at, and why no more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import scrutiny
from .merge_forms import Blamed


class WatchForm(Blamed):
    kind = forms.ChoiceField(label=_("关注类别"))
    login = forms.CharField(label=_("工号"), max_length=40, required=False, help_text=_("本院员工填写其工号"))
    words = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", "—"), *scrutiny.kinds().items()]


class EndWatchForm(Blamed):
    words = forms.CharField(label=_("解除的理由"), max_length=200)
