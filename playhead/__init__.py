"""The ground floor: what every other room stands on, and nothing that knows them."""

__version__ = "0.1.0"
