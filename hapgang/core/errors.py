"""What can go wrong, as a caller meets it.

    CityError            500  something failed inside the city
    ├── NotFound         404  the thing named does not exist
    ├── Conflict         409  the city's state does not allow it now
    ├── Refused          403  the caller may not do this
    │   └── SignInNeeded 401  nobody is signed in
    ├── Invalid          422  the words of the request are wrong
    └── Unavailable      503  try again later

A service subclasses these (`class NoVehicleNear(Conflict)`); `app` turns them into RFC 9457 problem
documents. The message says what to do, in both languages.
"""

from typing import ClassVar

from hapgang.core.text import Text


class CityError(Exception):
    """A failure with a message for people and a status for machines."""

    status: ClassVar[int] = 500
    title: ClassVar[Text] = Text("The city could not do this", "도시가 요청을 처리하지 못했습니다")

    def __init__(self, en: str, ko: str | None = None, **detail: object) -> None:
        """Say what is wrong and what to do; `detail` is added to the problem document."""
        super().__init__(en)
        self.message = Text(en, ko if ko is not None else en)
        self.detail = detail


class NotFound(CityError):
    """The thing named does not exist, or is not visible to the caller."""

    status = 404
    title = Text("Not found", "찾을 수 없습니다")


class Conflict(CityError):
    """The request is well formed, but the city's state does not allow it now."""

    status = 409
    title = Text("Not possible now", "지금은 할 수 없습니다")


class Refused(CityError):
    """The caller may not do this."""

    status = 403
    title = Text("Not allowed", "허용되지 않습니다")


class SignInNeeded(Refused):
    """Nobody is signed in, or the sign-in has expired."""

    status = 401
    title = Text("Please sign in", "로그인이 필요합니다")


class Invalid(CityError):
    """The words of the request are wrong."""

    status = 422
    title = Text("Please check the input", "입력을 확인해 주세요")


class Unavailable(CityError):
    """A part of the city is not there at the moment; the same call may succeed later."""

    status = 503
    title = Text("Please try again shortly", "잠시 후 다시 시도해 주세요")
