"""What changes people, their devices and their second factors."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from parley.audit import record

from . import mails, new_address
from .devices import browser_and_system
from .epochs import raise_epoch
from .models import Device, Proof, User, normal_address

CHAIN = "site"


@transaction.atomic
def change_profile(person: User, *, name: str, name_own_script: str, language: str, time_zone: str, by: User) -> None:
    renamed = (person.name, person.name_own_script) != (name, name_own_script)
    person.name, person.name_own_script = name, name_own_script
    person.language, person.time_zone, person.zone_confirmed = language, time_zone, True
    person.save(update_fields=["name", "name_own_script", "language", "time_zone", "zone_confirmed"])
    if renamed:
        record("accounts.renamed", chain=CHAIN, by=by, facts={"person": person.public_id})


@transaction.atomic
def give_name(person: User, *, name: str, name_own_script: str, by: User) -> None:
    person.name, person.name_own_script = name, name_own_script
    person.save(update_fields=["name", "name_own_script"])
    record("accounts.renamed", chain=CHAIN, by=by, facts={"person": person.public_id})


def confirm_zone(person: User, *, time_zone: str, by: User) -> None:
    person.time_zone, person.zone_confirmed = time_zone, True
    person.save(update_fields=["time_zone", "zone_confirmed"])


def choose_language(person: User, *, language: str, by: User) -> None:
    person.language = language
    person.save(update_fields=["language"])


def remember_device(request: HttpRequest, *, by: User) -> Device:
    """The browser that just signed in; forgets those whose sessions have run out since."""
    by.devices.filter(seen_at__lt=timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    if not request.session.session_key:
        request.session.create()
    request.session["seen_hour"] = int(timezone.now().timestamp()) // 3600
    browser, system = browser_and_system(request.headers.get("user-agent", ""))
    key = str(request.session.session_key)
    return Device.objects.create(user=by, session_key=key, browser=browser, system=system)


def device_seen(session_key: str | None) -> None:
    Device.objects.filter(session_key=session_key).update(seen_at=timezone.now())


@transaction.atomic
def end_device(device: Device, *, by: User) -> None:
    """Sign one device out: its next page is the sign-in page, its sockets close."""
    SessionStore(device.session_key).delete()
    device.delete()
    raise_epoch(device.user)


@transaction.atomic
def sign_out(session_key: str | None, *, by: User) -> None:
    """Forget the device of a session that ends by itself; its open sockets close."""
    by.devices.filter(session_key=session_key).delete()
    raise_epoch(by)


@transaction.atomic
def end_other_devices(request: HttpRequest, *, by: User) -> None:
    """Sign out everywhere but here. Other sessions end even if no device is on the list for them."""
    here = request.session.session_key
    for device in by.devices.exclude(session_key=here):
        SessionStore(device.session_key).delete()
        device.delete()
    _unbind_sessions(by)
    update_session_auth_hash(request, by)
    by.devices.filter(session_key=here).update(session_key=request.session.session_key)
    raise_epoch(by)
    record("accounts.others_signed_out", chain=CHAIN, by=by, facts={"person": by.public_id})


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User | None) -> None:
    for device in person.devices.all():
        SessionStore(device.session_key).delete()
    person.devices.all().delete()
    _unbind_sessions(person)
    raise_epoch(person)


@transaction.atomic
def deactivate(person: User, *, by: User | None) -> None:
    """End sign-in for this person, on every device, from this commit on. What they wrote stays."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    sign_out_everywhere(person, by=by)
    record("accounts.deactivated", chain=CHAIN, by=by, facts={"person": person.public_id})


@transaction.atomic
def reactivate(person: User, *, by: User | None) -> None:
    person.is_active = True
    person.save(update_fields=["is_active"])
    record("accounts.reactivated", chain=CHAIN, by=by, facts={"person": person.public_id})


class AddressTaken(Exception):
    """Another person has this address."""


@transaction.atomic
def change_address(person: User, *, email: str, proof: Proof, by: User) -> None:
    """Signing in and all mail go to the new address from now on; the old one is told.

    Whoever calls has had a code typed from the new mailbox. Raises AddressTaken, ProofRefused.
    """
    before = person.email
    proof.spend(purpose=new_address.PURPOSE, sha256=new_address.sha256_of(person, email), by=by)
    person.email = normal_address(email)
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError as taken:
        raise AddressTaken from taken
    # allauth finds people by these rows, too.
    EmailAddress.objects.filter(user=person).delete()
    record("accounts.address_changed", chain=CHAIN, by=by, facts={"person": person.public_id})
    mails.security_changed(person, "address_changed", to=before)


@transaction.atomic
def remove_passkey(passkey: Authenticator, *, by: User) -> None:
    """Recovery codes go with the last authenticator: alone they would be a second factor that nothing backs."""
    passkey.delete()
    if not Authenticator.objects.filter(user=by).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        Authenticator.objects.filter(user=by).delete()
    record("accounts.second_factor_removed", chain=CHAIN, by=by, facts={"person": by.public_id, "method": "passkey"})
    mails.security_changed(by, "passkey_removed")


@transaction.atomic
def forget_second_factor(person: User, *, by: User | None) -> None:
    """Forget a lost second factor and sign the person out; they set up a new one at the next sign-in.

    Whoever calls decides who may (for a key holder never an administrator alone).
    """
    Authenticator.objects.filter(user=person).delete()
    sign_out_everywhere(person, by=by)
    record("accounts.second_factor_reset", chain=CHAIN, by=by, facts={"person": person.public_id})
    mails.security_changed(person, "second_factor_reset")


def _unbind_sessions(person: User) -> None:
    """Sessions are bound to the (unusable) password: a new one ends them all at their next request."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
