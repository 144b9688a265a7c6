"""Jobs-to-be-Done and Outcome-Driven Innovation analytics for one tenant at a time."""

__version__ = "0.1.0"
