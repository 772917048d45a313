"""Who calls, by a bearer token: a machine by the token alone, a person by their open session."""

from collections import OrderedDict
from datetime import datetime

from hapgang.app.tokens import Tokens
from hapgang.app.wiring import LiveCity
from hapgang.contract import Caller
from hapgang.hub.state import State
from hapgang.runtime.platform.identity.sessions import Look, look

_MOST_KNOWN = 20_000


class Callers:
    """Reads tokens, and looks at sessions each time; what has not changed is not read again.

    A record of the state is never changed in place. So whoever a session spoke for, it speaks for
    still, as long as the same records are there: itself, the power and the credentials it rests on.
    """

    def __init__(self, tokens: Tokens, live: LiveCity) -> None:
        """Read the tokens of a city, and look at its sessions."""
        self._tokens = tokens
        self._live = live
        self._looks: OrderedDict[str, Look] = OrderedDict()

    def of(self, token: str) -> Caller:
        """Return who a token speaks for now; `SignInNeeded` once that has ended."""
        now = self._live.clock.now()
        known = self._tokens.known(token, now)
        if known.session is None:
            return known.caller
        state = self._live.runtime.state
        seen = self._looks.get(known.session)
        if seen is not None and now < seen.until:
            for name, record in seen.rests_on:
                if state.get(name) is not record:
                    break
            else:
                return seen.caller
        return self._look(known.session, now, state)

    def _look(self, session: str, now: datetime, state: State) -> Caller:
        self._looks.pop(session, None)
        found = self._looks[session] = look(state, session, now)
        if len(self._looks) > _MOST_KNOWN:
            self._looks.popitem(last=False)
        return found.caller
