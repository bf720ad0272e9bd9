"""The documents of the loop say what the loop table says."""

import pytest
from django.utils import translation

from luodi.orders import picture
from luodi.orders.loop import LOOP, Step


@pytest.mark.parametrize("language", sorted(picture.FILES))
def test_the_document_is_drawn_from_the_table(language):
    with translation.override("zh-hans"):
        drawn = picture.page(language)
    kept = (picture.FOLDER / picture.FILES[language]).read_text(encoding="utf-8")
    assert kept == drawn, "run python -m luodi.orders.picture"


def test_every_move_of_the_table_is_an_arrow():
    with translation.override("zh-hans"):
        drawn = picture.page("en")
    assert drawn.count(" --> ") - drawn.count("[*]") == sum(len(LOOP[step].after) for step in Step)
