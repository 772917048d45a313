"""Devices by MQTT 3.1.1: a NATS server's gateway in front, its stream as the memory in between.

A message of quality of service 1 is acknowledged when it is in the stream on disk. It leaves the
stream when the unit that performed it is safe; the same unit holds its position in the stream, so
a city that dies in between goes on after the last message that it performed: none is lost, none is
performed twice.
"""
