"""Components as template tags. README.md shows each one as a snippet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.core.exceptions import SuspiciousOperation
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kernel.actor import SYSTEM
from webkit import formats, problem_words, states
from webkit.charts import Drawing, part_of_hundred

register = template.Library()
ICONS = Path(__file__).resolve().parent.parent / "icons"


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    path = ICONS / f"{name}.svg"
    if "/" in name or "." in name or not path.is_file():
        raise template.TemplateSyntaxError(f"no icon {name!r}: see webkit/icons")
    return path.read_text("utf-8").strip()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An outline icon, decoration only: the text beside it says what it means."""
    return format_html(
        '<svg class="icon icon-{} {}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        'focusable="false">{}</svg>',
        name,
        css,
        mark_safe(_drawing(name)),  # noqa: S308 our own committed files
    )


@register.simple_tag
def money(amount: Decimal | None) -> SafeString:
    """Yuan with two places; a float is our mistake and raises TypeError."""
    return format_html('<span class="yz-money">{}</span>', formats.money_text(amount))


@register.filter
def money_text(amount: Decimal | None) -> str:
    """The same amount without markup, for attributes and select options."""
    return formats.money_text(amount)


@register.filter
def who(name: str) -> str:
    """Who did it: a person's name as it is, a word for what happened by the clock."""
    return _("The system") if name == SYSTEM.name else name


@register.simple_tag
def local_time(moment: datetime | None) -> SafeString:
    """A moment in the region's official time (Asia/Shanghai)."""
    if moment is None:
        return SafeString("—")
    return format_html('<time datetime="{}">{}</time>', formats.machine_time(moment), formats.time_text(moment))


@register.simple_tag
def local_date(day: date | None) -> SafeString:
    if day is None:
        return SafeString("—")
    return format_html('<time datetime="{}">{}</time>', formats.machine_date(day), formats.date_text(day))


@register.simple_tag
def state_badge(lifecycle: str, state: str) -> SafeString:
    """A state in words; the colour only repeats what the words say."""
    found = states.label_of(lifecycle, state)
    return format_html('<span class="badge yz-state yz-state-{}">{}</span>', found.colour, found.label)


@register.simple_tag
def demo_marker() -> SafeString:
    return format_html('<span class="badge yz-demo">{}</span>', _("Demo"))


@register.inclusion_tag("webkit/components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, *parts: Any) -> dict[str, Any]:
    """Label and address in turn; the last label stands alone: `breadcrumbs "Orders" url "Order 7"`."""
    trail = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"trail": trail, "here": parts[-1] if len(parts) % 2 else ""}


@register.simple_block_tag
def alert(content: str, colour: str = "info", title: str = "", icon_name: str = "") -> SafeString:
    """A note in the page: info, success, warning or danger."""
    drawing = icon_name or {"success": "circle-check", "warning": "alert-triangle", "danger": "alert-circle"}.get(
        colour, "info-circle"
    )
    heading = format_html('<p class="alert-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="alert yz-alert yz-alert-{}"><div class="yz-alert-icon">{}</div><div>{}{}</div></div>',
        colour,
        icon(drawing),
        heading,
        content,
    )


@register.simple_block_tag
def data_table(
    content: str, caption: str, show_caption: bool = False, stack: bool = True, css: str = "", label: str = ""
) -> SafeString:
    """A table with its caption; narrow screens stack the cells under their column names."""
    return format_html(
        '<div class="table-responsive yz-table" role="region" aria-label="{}" tabindex="0">'
        '<table class="table table-vcenter card-table {} {}"><caption class="{}">{}</caption>{}</table></div>',
        label or caption,
        "yz-stack" if stack else "",
        css,
        "yz-caption" if show_caption else "visually-hidden",
        caption,
        content,
    )


@register.inclusion_tag("webkit/components/empty_state.html")
def empty_state(
    title: str, help: str = "", icon_name: str = "inbox", action_label: str = "", action_url: str = ""
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("webkit/components/decision_card.html")
def decision_card(decision: Any, level: int = 3) -> dict[str, Any]:
    """A rule decision, mapping or object. See README.md for the names it reads."""
    inputs = _read(decision, "inputs") or ()
    remedy = _read(decision, "remedy") or ()
    return {
        "decision": decision,
        "heading": f"h{level}",
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else list(inputs),
        "remedies": [remedy] if isinstance(remedy, str) else list(remedy),
    }


@register.inclusion_tag("webkit/components/timeline.html")
def timeline(entries: Iterable[Any], upcoming: Any = None) -> dict[str, Any]:
    """What happened, who did it, when; then what is due and who must act."""
    return {"entries": list(entries), "upcoming": upcoming}


@register.inclusion_tag("webkit/components/definition_list.html")
def definition_list(pairs: Iterable[tuple[Any, Any]] | Mapping[Any, Any], css: str = "") -> dict[str, Any]:
    return {"pairs": list(pairs.items()) if isinstance(pairs, Mapping) else list(pairs), "css": css}


@register.inclusion_tag("webkit/components/form_field.html")
def form_field(name: str, label: str, **options: Any) -> dict[str, Any]:
    """One labelled field with help, errors and required marker; kinds are in README.md."""
    kind = options.pop("kind", "text")
    identity = options.pop("id", "") or f"id_{name}"
    errors = options.pop("errors", None) or ()
    errors = [errors] if isinstance(errors, str) else list(errors)
    help_text = options.pop("help", "")
    described = [f"{identity}_help"] if help_text else []
    described += [f"{identity}_error"] if errors else []
    chosen = options.pop("value", None)
    choices = [(str(value), text) for value, text in options.pop("choices", None) or ()]
    known = {
        "required": False, "suffix": "", "prefix": "", "rows": 3, "empty_label": "", "checked": False,
        "autosubmit": False, "css": "mb-3",
    }  # fmt: skip
    settings = {key: options.pop(key, default) for key, default in known.items()}
    return {
        "name": name,
        "label": label,
        "kind": kind,
        "id": identity,
        "value": "" if chosen is None else str(chosen),
        "choices": choices,
        "errors": errors,
        "help": help_text,
        "described_by": " ".join(described),
        "attributes": [(key.replace("_", "-"), value) for key, value in options.items() if value not in (None, False)],
        **settings,
    }


@register.inclusion_tag("webkit/components/steps.html")
def steps(labels: Sequence[Any], current: int = 0, label: str = "") -> dict[str, Any]:
    """Progress through named steps; `current` counts from 0, its length means all done."""
    rows = [(text, "done" if i < current else "current" if i == current else "todo") for i, text in enumerate(labels)]
    return {"rows": rows, "label": label}


@register.inclusion_tag("webkit/components/facet_list.html")
def facet_list(groups: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Filters as links: groups of {title, choices: [{label, url, count, selected}]}."""
    return {"groups": list(groups), "label": label}


@register.inclusion_tag("webkit/components/pagination.html")
def pagination(previous_url: str = "", next_url: str = "", summary: str = "") -> dict[str, Any]:
    """Links to the page before and after (keyset pages have no numbers)."""
    return locals()


@register.inclusion_tag("webkit/components/stat_card.html")
def stat_card(
    label: str, value: Any, icon_name: str = "", note: str = "", url: str = "", colour: str = "primary"
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("webkit/components/tabs.html")
def tabs(items: Iterable[Sequence[Any]], label: str = "") -> dict[str, Any]:
    """Tabs that are links: (label, url, current) or (label, url, current, count)."""
    rows = [(*item, None)[:4] for item in items]
    return {"rows": rows, "label": label}


@register.inclusion_tag("webkit/components/action_form.html", takes_context=True)
def action_form(context: Context, url: str, label: str, **options: Any) -> dict[str, Any]:
    """A POST form of one button, with an optional question before it is sent."""
    hidden = options.pop("hidden", None) or {}
    known = {"colour": "primary", "icon_name": "", "confirm": "", "css": "", "name": "", "value": "", "busy": ""}
    chosen = {key: options.pop(key, default) for key, default in known.items()}
    if options:
        raise template.TemplateSyntaxError(f"action_form does not know {sorted(options)}")
    return {
        "url": url,
        "label": label,
        "hidden": list(hidden.items()),
        "csrf_token": context.get("csrf_token"),
        **chosen,
    }


@register.inclusion_tag("webkit/components/copyable.html")
def copyable(text: str, label: str = "") -> dict[str, Any]:
    """A code that can be copied with one press."""
    return locals()


@register.inclusion_tag("webkit/components/error_summary.html")
def error_summary(errors: Mapping[str, Sequence[str]] | None, linked: bool = True) -> dict[str, Any]:
    """The list above a form that was refused, each line leading to its field."""
    return {"errors": [(name, list(texts)) for name, texts in (errors or {}).items()], "linked": linked}


@register.inclusion_tag("webkit/components/definition_list.html")
def problem_facts(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a refusal that have been given words."""
    return {"pairs": problem_words.fact_rows(problem), "css": "yz-problem-facts"}


@register.simple_tag(takes_context=True)
def problem_back_url(context: Context) -> str:
    """Where the reader came from, when that is a page of this host other than this one."""
    if context.get("back_url"):
        return str(context["back_url"])
    request = context.get("request")
    if request is None:
        return ""
    try:
        came_from, host = urlsplit(request.headers.get("Referer", "")), request.get_host()
    except (ValueError, SuspiciousOperation):
        # A header that cannot be read; this page may be the answer to it.
        return ""
    here = request.get_full_path()
    back = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    if came_from.netloc != host or not came_from.path.startswith("/") or came_from.path.startswith("//"):
        return ""
    # The form that was refused is worth going back to even when it has the same address.
    return back if back != here or request.method == "POST" else ""


@register.inclusion_tag("webkit/components/problem_advice.html")
def problem_advice(problem: Mapping[str, Any]) -> dict[str, Any]:
    return {"advice": problem_words.advice(problem)}


def _read(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


@register.inclusion_tag("webkit/components/column_chart.html")
def column_chart(chart: Drawing, known: str, expected: str) -> dict[str, Any]:
    """Columns of `webkit.charts`; the words are for the key. A table beside it holds the figures."""
    return {"chart": chart, "known": known, "expected": expected}


@register.simple_tag
def bar(part: Decimal | None, whole: Decimal | None) -> SafeString:
    """How much of the whole, decoration only: the figure stands beside it."""
    return format_html(
        '<svg class="yz-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="100" height="6" class="yz-bar-ground"/>'
        '<rect width="{}" height="6" class="yz-chart-known"/></svg>',
        part_of_hundred(part, whole),
    )
