"""The exercises of the person who asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from kernel.api import actor_of
from kernel.inputs import StrictSerializer, read_query
from shared_apps.training import selectors
from shared_apps.training.words import EXERCISES, HELP


@page("training.mine", signed_in=True)
def exercises(request: HttpRequest) -> HttpResponse:
    read_query(StrictSerializer, request)
    found = [
        {
            "mine": mine,
            "exercises": [
                {
                    "title": EXERCISES[one.task.exercise],
                    "help": HELP[one.task.exercise],
                    "at": one.completed_at,
                    "post": one.task.post.label,
                }
                for one in mine.exercises
            ],
        }
        for mine in selectors.my_practice(actor=actor_of(request))
    ]
    return render(request, "training/exercises.html", {"levels": found})
