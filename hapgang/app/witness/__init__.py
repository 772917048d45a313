"""An outside witness: signs the checkpoints of logs that only grow, for whoever runs one.

`watch` is what it remembers of a log and signs, `door` its HTTP, `serving` the process of
`hapgang witness`. A city asks by `app/log/witnesses`.
"""
