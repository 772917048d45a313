"""Processes beside the writer's, which answer reads of what is nobody's and pass on all else.

`board` and `link` are how they hear of what is on disk, `telling` is the writer's end of it and
`following` the worker's; `passing` hands a request on, `worker` chooses, `keeping` starts and
restarts them. See docs/decisions/0017-workers-read-and-pass-on.md.
"""
