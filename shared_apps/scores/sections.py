"""What a supplier's page shows of its score."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.scores import selectors
from shared_apps.scores.serializers import ScoreSerializer
from shared_apps.scores.wording import PARTS
from shared_apps.suppliers.sections import SECTIONS, Asked, Block


def supplier_score(asked: Asked) -> Block:
    """The score and its parts, to everybody. At most two statements."""
    score = selectors.score_of(supplier_id=asked.supplier_id, now=asked.now)
    return Block(
        title=_("Score"),
        template="scores/_block.html",
        context={"score": score, "parts": [(PARTS[part.part], part) for part in score.parts]},
        data=ScoreSerializer(score).data,
    )


SECTIONS.register("scores", supplier_score)
