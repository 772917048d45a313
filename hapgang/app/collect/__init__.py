"""The living parts of collection: bundled mappings, files, devices by MQTT, polling."""
