"""The lists that the platform keeps for everyone."""

from __future__ import annotations

from uuid import UUID, uuid5

from vital_insights.demo.draft import FIRST_DAY, NAMESPACE, Row

LISTS = {
    "industries": {
        "PHA": "Pharmaceuticals", "BIO": "Biotechnology", "DIG": "Digital Health", "DEV": "Medical Devices", "DIA": "Diagnostics",
        "CRO": "Contract Research", "PAY": "Payers", "PRO": "Health Systems",
    },
    "countries": {
        "BR": "Brazil", "CA": "Canada", "DE": "Germany", "ES": "Spain", "FR": "France", "GB": "United Kingdom", "IT": "Italy",
        "JP": "Japan", "NL": "Netherlands", "US": "United States",
    },
    "geographic_scopes": {"GLO": "Global", "REG": "Regional", "NAT": "National", "LOC": "Local"},
    "therapeutic_areas": {
        "ONC": "Oncology", "IMM": "Immunology", "CVM": "Cardiovascular and metabolic", "NEU": "Neuroscience", "RES": "Respiratory",
        "RAR": "Rare diseases",
    },
    "disease_areas": {
        "NSC": "Non-small cell lung cancer", "BRC": "Breast cancer", "PSO": "Psoriasis", "RHA": "Rheumatoid arthritis",
        "HFA": "Heart failure", "T2D": "Type 2 diabetes", "MIG": "Migraine", "AST": "Asthma", "SMA": "Spinal muscular atrophy",
    },
    "organizational_levels": {"EXE": "Executive", "DIR": "Director", "MAN": "Manager", "SPE": "Specialist", "ASS": "Associate"},
    "product_lifecycle_stages": {
        "DIS": "Discovery", "DEV": "Development", "SUB": "Submission", "LAU": "Launch", "GRO": "Growth", "MAT": "Maturity",
        "LOE": "After exclusivity",
    },
    "credentials": {
        "MD": "Medical degree", "PHD": "Doctorate", "PHA": "Pharmacy degree", "MPH": "Public health degree", "MBA": "Business degree",
        "STA": "Statistics degree", "RAC": "Regulatory certificate", "ENG": "Engineering degree",
    },
    "skill_categories": {"ANA": "Analysis", "WRI": "Writing", "SEA": "Search", "PLA": "Planning"},
    "llm_models": {"GEN-L": "General model, large", "GEN-S": "General model, small", "BIO-M": "Biomedical model"},
}  # fmt: skip


def key(table: str, code: str) -> UUID:
    """The id of the entry with that code."""
    return uuid5(NAMESPACE, f"industry/{code}" if table == "industries" else f"{table}/{code}")


def keys(table: str) -> list[UUID]:
    """The ids of all entries of a list."""
    return [key(table, code) for code in LISTS[table]]


def lists() -> dict[str, list[Row]]:
    """The rows of every list, by table."""
    return {
        table: [
            {"id": key(table, code), "name": name, "code": code, "created_at": FIRST_DAY, "updated_at": FIRST_DAY}
            for code, name in entries.items()
        ]
        for table, entries in LISTS.items()
    }
