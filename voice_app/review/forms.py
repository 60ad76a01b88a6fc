"""The form in which an administrator judges one command."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _

from voice_app.models import Review, VoiceCommand

if TYPE_CHECKING:
    ReviewModelForm: TypeAlias = forms.ModelForm[Review]
else:
    ReviewModelForm = forms.ModelForm


class ReviewForm(ReviewModelForm):
    """Verdict, what was really said, and a note."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Review.Verdict.choices, widget=forms.RadioSelect)

    class Meta:
        model = Review
        fields = ("verdict", "corrected_transcript", "note")
        widgets = {
            "corrected_transcript": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "note": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }


def review_form_for(command: VoiceCommand, data: object = None) -> ReviewForm:
    """The form for a command, with its present verdict, or with what was heard to correct."""
    review = getattr(command, "review", None)
    initial = {"corrected_transcript": command.command_text} if review is None else None
    return ReviewForm(data, instance=review, initial=initial, prefix=str(command.pk))  # type: ignore[arg-type]  # a request's POST or None
