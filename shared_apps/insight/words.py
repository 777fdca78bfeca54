"""Words of the stages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.insight.rules import Stage

STAGES: dict[str, Promise] = {
    Stage.WAITING: _("Before approval"),
    Stage.UNDER_WAY: _("Under way"),
    Stage.PAID: _("Paid or closed"),
    Stage.ENDED: _("Ended without payment"),
}
