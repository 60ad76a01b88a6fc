"""The interface speaks each of its languages whole, and the catalogues are those of the sources."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.utils import translation

from voicebot import catalogues

LANGUAGES = catalogues.translated_languages()
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>|/\w+(?=\s|$)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert not catalogues.list_missing(catalogues.refresh(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_what_the_sources_and_the_translators_make(language: str) -> None:
    catalogue, folder = catalogues.refresh(language), catalogues.folder_of(language)
    assert (folder / "django.po").read_bytes() == catalogues.as_po(catalogue), "run manage.py translations"
    assert (folder / "django.mo").read_bytes() == catalogues.as_mo(catalogue), "run manage.py translations"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_places_of_its_sentence(language: str) -> None:
    wrong = []
    for message in catalogues.read_catalogue(language):
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = [Counter(PLACEHOLDER.findall(source)) for source in sources]
        wrong += [string for string in strings if Counter(PLACEHOLDER.findall(string)) not in wanted]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_is_there(language: str) -> None:
    catalogue = catalogues.read_catalogue(language)
    plurals = [message for message in catalogue if isinstance(message.id, tuple)]
    assert len(plurals) > 10
    assert not [message.id for message in plurals if len(message.string) != catalogue.num_plurals]


def test_russian_has_its_three_forms() -> None:
    with translation.override("ru"):
        forms = [translation.ngettext("{count} task:", "{count} tasks:", count) for count in (1, 2, 5, 21)]
    assert forms[0] == forms[3]
    assert len(set(forms)) == 3
