"""Telling subscribers: what waits on disk goes out, attempt by attempt, until it has arrived.

`places` says where notifications may go at all, `lane` is the queue of one subscription,
`http_door` and `mqtt_door` are the ways out, `events` is the way in for who listens here, `log`
writes down what became of everything, `notifier` holds it together, `deliveries` is what operators
see.
"""
