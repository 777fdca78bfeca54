"""People and their passwords and sessions."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, SignInRequired
from shared_apps.accounts import security
from shared_apps.accounts.models import HandOff, MallSession, User
from shared_apps.accounts.permissions import require
from shared_apps.accounts.rules import SecurityKind, is_username, username_of
from shared_apps.accounts.secret import new_secret
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class UsernameTaken(Conflict):
    code = "username-taken"
    title = _("This sign-in name is taken")


class PasswordRefused(InvalidInput):
    """The password is wrong, or the new one is too weak; `errors` says which and why."""

    code = "password-refused"
    title = _("The password was not accepted")


def check_new_password(*, password: str, user: User, field: str = "password") -> None:
    """Raises PasswordRefused with every rule of settings.AUTH_PASSWORD_VALIDATORS that it breaks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefused(errors={field: error.messages}) from error


def insert_user(*, actor: Actor, username: str, name: str, email: str, password: str, now: datetime) -> User:
    """A new person, inside the caller's transaction. Raises UsernameTaken, PasswordRefused, InvalidInput."""
    username = username_of(username)
    if not is_username(username):
        raise InvalidInput(
            errors={"username": [str(_("3 to 40 letters a-z, digits, dots, hyphens or underscores, a letter first."))]}
        )
    user = User(username=username, name=name, email=email, created_at=now, session_salt=new_secret())
    check_new_password(password=password, user=user)
    user.set_password(password)
    try:
        with region_atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken(username=username) from error
    record(
        actor=actor,
        event="accounts.user_created",
        object_type="user",
        object_id=user.pk,
        facts={"user_id": user.pk},
        now=now,
    )
    return user


def create_user(*, actor: Actor, username: str, name: str, email: str, password: str, now: datetime) -> User:
    """Raises UsernameTaken, PasswordRefused, InvalidInput, NotPermitted."""
    require(actor.is_system or actor.has(Post.PLATFORM_OPERATOR))
    with region_atomic():
        return insert_user(actor=actor, username=username, name=name, email=email, password=password, now=now)


def set_new_password(*, user: User, password: str, now: datetime) -> None:
    """Stores the password and ends every session of the person, inside the caller's transaction."""
    user.set_password(password)
    user.session_salt = new_secret()
    user.save(update_fields=["password", "session_salt"])
    end_mall_sessions(user_id=user.pk, now=now)


def end_mall_sessions(*, user_id: int, now: datetime) -> int:
    """Ends the person's sessions in all malls, and the passages not yet used; returns how many sessions."""
    HandOff.objects.filter(user_id=user_id, used_at=None).update(used_at=now)
    return MallSession.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now)


def change_password(*, actor: Actor, old: str, new: str, address: str, host: str, now: datetime) -> User:
    """Changes one's own password. All sessions end; the caller opens a new one for this browser.

    Raises PasswordRefused.
    """
    with region_atomic():
        user = _self(actor)
        if not user.check_password(old):
            raise PasswordRefused(errors={"old_password": [str(_("This is not the present password."))]})
        check_new_password(password=new, user=user, field="new_password")
        set_new_password(user=user, password=new, now=now)
        security.record(
            kind=SecurityKind.PASSWORD_CHANGED, now=now, user_id=user.pk, username=user.username,
            address=address, host=host,
        )  # fmt: skip
    return user


def end_sessions(*, actor: Actor, address: str, host: str, now: datetime) -> User:
    """Ends all sessions of the actor in both rooms; the caller opens a new one for this browser."""
    with region_atomic():
        user = _self(actor)
        user.session_salt = new_secret()
        user.save(update_fields=["session_salt"])
        ended = end_mall_sessions(user_id=user.pk, now=now)
        security.record(
            kind=SecurityKind.SESSIONS_ENDED, now=now, user_id=user.pk, username=user.username,
            address=address, host=host, facts={"malls": ended},
        )  # fmt: skip
    return user


def _self(actor: Actor) -> User:
    if actor.user_id is None:
        raise SignInRequired
    user = User.objects.select_for_update().filter(pk=actor.user_id, is_active=True).first()
    if user is None:
        raise SignInRequired
    return user
