from django import forms
from django.utils.translation import gettext_lazy as _

WINDOWS = [
    ("1", _("最近 1 天")),
    ("7", _("最近 7 天")),
    ("14", _("最近 14 天")),
    ("28", _("最近 28 天")),
    ("90", _("最近 90 天")),
]


class WindowForm(forms.Form):
    """Which span to read. Anything that is not in the list reads seven days."""

    days = forms.ChoiceField(label=_("窗口"), choices=WINDOWS, initial="7", required=False)

    def chosen(self) -> int:
        return int(self.cleaned_data["days"] or 7) if self.is_valid() else 7
