"""The public ETSI Robot suite for NGSI-LD against a city: `python -m validation.etsi FOLDER`."""
