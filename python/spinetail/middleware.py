"""Profiles the requests of a Django site.

Put ``"spinetail.middleware.ProfilerMiddleware"`` into ``MIDDLEWARE``, first if everything is to be
in the profile, and open any page with ``?profile`` while ``DEBUG`` is on.
"""

from __future__ import annotations

import logging
import re
import time

from asgiref.sync import async_to_sync, iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.signals import setting_changed
from django.http import HttpResponse

from spinetail.django_settings import ProfilerSettings
from spinetail.file_names import legal_name, write_new_file
from spinetail.profiler import Profiler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable

    from spinetail.renderers import Renderer
    from spinetail.session import Session

__all__ = ["ProfilerMiddleware"]

PATH_LENGTH = 100
ESCAPED = re.compile("[%+]")

logger = logging.getLogger(__name__)


class ProfilerMiddleware:
    """Answers a request that has the URL argument with its profile, and saves profiles to files.

    The settings are those of ``spinetail.django_settings.ProfilerSettings``. While ``DEBUG`` is
    off, a request gets its profile only if the show callback says so.

    It works in both of Django's modes. Under ASGI the event loop's thread is profiled, on which
    asynchronous views run; of a synchronous view, which Django runs on another thread, there is the
    wait. The profiler is left on ``request.profiler``.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        self._settings: ProfilerSettings | None = None
        setting_changed.connect(self._forget_settings)

    def __call__(self, request: Any) -> Any:
        # Most requests aren't profiled: what they go through here is all that they pay for.
        options = self._settings or self._read_settings()
        if options.profile_dir is None and not has_argument(request, options.url_argument):
            return self.get_response(request)
        if self.is_async:
            return self._answer_async(request, options)
        return self._answer(request, options)

    def _read_settings(self) -> ProfilerSettings:
        self._settings = ProfilerSettings.read()
        return self._settings

    def _forget_settings(self, **changed: Any) -> None:
        # Tests override settings while the site runs.
        self._settings = None

    def _answer(self, request: Any, options: ProfilerSettings) -> Any:
        """The response to a request that is profiled unless the callback says no."""
        callback = options.show_callback
        if iscoroutinefunction(callback):
            callback = async_to_sync(callback)
        allowed = callback is not None and bool(callback(request))
        action = Action.of(request, options, allowed)
        if action is None:
            return self.get_response(request)
        profiler = started(request, Profiler(interval=options.interval))
        if profiler is None:
            return self.get_response(request)
        try:
            response = self.get_response(request)
        finally:
            end(profiler)
        return action.finish(request, response, profiler)

    async def _answer_async(self, request: Any, options: ProfilerSettings) -> Any:
        """The same, on an event loop."""
        callback: Callable[[Any], Awaitable[Any]] | None = options.show_callback
        if callback is not None and not iscoroutinefunction(callback):
            callback = sync_to_async(callback)  # it may ask the database who the user is
        allowed = callback is not None and bool(await callback(request))
        action = Action.of(request, options, allowed)
        if action is None:
            return await self.get_response(request)
        profiler = started(request, Profiler(interval=options.interval, async_mode="enabled"))
        if profiler is None:
            return await self.get_response(request)
        try:
            response = await self.get_response(request)
        finally:
            end(profiler)
        return await sync_to_async(action.finish)(request, response, profiler)


class Action:
    """What is to be done with the profile of a request."""

    def __init__(self, options: ProfilerSettings, shows: bool, saves: bool) -> None:
        self.options = options
        self.shows = shows
        self.saves = saves

    @staticmethod
    def of(request: Any, options: ProfilerSettings, allowed: bool) -> Action | None:
        """None if the request isn't to be profiled. ``allowed`` is the callback's word."""
        if options.show_callback is not None and not allowed:
            return None
        shows = (allowed or settings.DEBUG) and has_argument(request, options.url_argument)
        saves = options.profile_dir is not None
        return Action(options, shows, saves) if shows or saves else None

    def finish(self, request: Any, response: Any, profiler: Profiler) -> Any:
        """The response that the client gets, after the profile went where it should."""
        session = profiler.last_session
        if session is None:  # the view has reset it
            return response
        if self.saves:
            self.save(request, session)
        return self.report(response, session) if self.shows else response

    def report(self, response: Any, session: Session) -> HttpResponse:
        """The report page in place of a response."""
        from spinetail.renderers import HTMLRenderer

        page = HttpResponse(HTMLRenderer().render(session))
        page["Cache-Control"] = "no-store"
        # What the response that nobody reads has opened is closed with the page.
        page._resource_closers.extend(getattr(response, "_resource_closers", ()))
        return page

    def save(self, request: Any, session: Session) -> None:
        """Writes the profile to a file of its own.

        A full disk is no reason not to answer: it is logged. Raises ValueError and ImportError for
        settings that are wrong.
        """
        renderer = self.options.renderer()
        name = self.file_name(request, session, renderer)
        try:
            text = renderer.render(session)
            folder = str(self.options.profile_dir)
            data = text.encode("utf-8", "surrogateescape")
            write_new_file(folder, name, renderer.output_file_extension, data)
        except OSError:
            logger.exception("The profile of %s can't be saved", request.path)

    def file_name(self, request: Any, session: Session, renderer: Renderer) -> str:
        extension = renderer.output_file_extension
        callback = self.options.filename_callback
        if callback is not None:
            name = callback(request, session, renderer)
            if not isinstance(name, str):
                raise ValueError(
                    f"SPINETAIL_FILENAME_CALLBACK has to return a string, and it returned {name!r}"
                )
        else:
            name = self.options.filename.format(
                total_time=session.duration,
                path=legal_name(request.get_full_path())[:PATH_LENGTH],
                timestamp=time.time(),
                ext=extension,
            )
        return legal_name(name, extension) or f"profile.{extension}"


def has_argument(request: Any, name: str | None) -> bool:
    """Whether the URL has the argument, which is looked for without taking the URL apart if it
    can't be there.
    """
    if not name:
        return False
    arguments = request.__dict__.get("GET")
    if arguments is None:
        query = request.META.get("QUERY_STRING")
        if query == "":
            return False
        # In these, nothing is left that decoding could turn into the name.
        if query and name not in query and query.isascii() and not ESCAPED.search(query):
            return False
        try:
            arguments = request.GET
        except (SuspiciousOperation, ValueError):
            return False  # too many arguments: the view may not mind
    return name in arguments


def started(request: Any, profiler: Profiler) -> Profiler | None:
    """The profiler, which runs now and is the request's; None, and a line in the log, where another
    profiler is in its way.
    """
    try:
        profiler.start(target_description=f"Request: {request.method} {request.get_full_path()}")
    except RuntimeError:
        logger.exception("%s can't be profiled", request.path)
        return None
    request.profiler = profiler
    return profiler


def end(profiler: Profiler) -> None:
    """Stops the profiler, unless the view has done so."""
    if profiler.is_running:
        profiler.stop()
