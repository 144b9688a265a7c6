"""What live databases of this family get wrong, planted in known numbers: warnings and remarks, never a broken key.

A function plants its defect once; the numbers above it say how often per tenant (aldermoor, carewick, quillmark).
A row carries one defect at most, and what is not planted does not occur: a test counts each in the filled database.
"""

from vital_insights.demo.defects import jobs, outcomes, people, progress
from vital_insights.demo.defects.site import PLANTED, plant

# In this order: jobs take rows away, and nothing taken away may carry another defect.
__all__ = ["PLANTED", "jobs", "outcomes", "people", "plant", "progress"]
