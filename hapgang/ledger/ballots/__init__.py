"""Verifiable secret votes for consultations; not for public office. See docs/ballots.md.

    trustees.deal, check_part, share_of      the key, before the poll
    poll.Poll, check_poll                    what is asked
    tokens.blind, blind_sign, finish         the right to vote, without a name
    ballot.encrypt, check_spoiled, sign      on the voter's device
    ballot.check_ballot, board.check_next    when it comes in; board.receipt is what the voter keeps
    board.close, check_board                 when nothing comes in any more
    tally.partial_decrypt                    each trustee, who checked the board
    export.publish, recount                  the result, and anybody's second look

Pure functions over frozen structs. Chance is always an argument: from `secrets` in a city, from
seeds in a rehearsal. Nothing is kept but the polls that were read last.
"""
