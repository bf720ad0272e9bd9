from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Decision


class DecisionForm(forms.Form):
    """What the steering group decides on a weighing."""

    decision = forms.ChoiceField(label=_("决定"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("暂缓或终止时必填"),
    )


class WeighForm(forms.Form):
    """Weighing a gate asks for nothing; the form carries the refusal, if any."""
