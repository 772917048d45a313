"""The doors of votes that need neither secrets nor long work; the others are in `app/votes`."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.runtime.platform.votes import paper, preparing, views

_AGENCY = (Role.AGENCY,)

VOTES_ROUTES = (
    Route.get("/polls", views.polls, allow=ANYONE),
    Route.get("/polls/{poll}", views.poll, allow=ANYONE),
    Route.get("/polls/{poll}/pseudonyms/{pseudonym}", views.pseudonym, allow=ANYONE),
    Route.get("/me/polls/{poll}", views.my_poll, allow=(Role.RESIDENT,), is_own=True),
    Route(method="DELETE", path="/polls/{poll}", action=preparing.withdraw_poll, allow=_AGENCY),
    # Trustees need no account: each of their words is signed by the key that the poll names.
    Route.post("/polls/{poll}/dealings", preparing.deal, allow=ANYONE),
    Route.post("/polls/{poll}/confirmations", preparing.confirm, allow=ANYONE),
    Route.post("/polls/{poll}/complaints", preparing.complain, allow=ANYONE),
    Route.post("/polls/{poll}/paper/counts", paper.enter_paper, allow=_AGENCY),
)
