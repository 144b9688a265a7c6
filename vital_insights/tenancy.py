"""The identity that everything else is opened with."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, order=True)
class Tenant:
    """One tenant: exactly one id. `slug` is what people type; where the source has none, the id stands in."""

    slug: str
    id: UUID
    name: str
    status: str | None = None

    @property
    def folder(self) -> str:
        """The only thing of a tenant that ever becomes a path: the canonical form of its UUID."""
        return str(self.id)
