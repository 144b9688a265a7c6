"""The lists that the platform keeps for everyone. One that is found with owners is read as ours and nobody's."""

from vital_insights.source.contract.declare import Shared, assumed, table, text

LISTS = {
    "industries": "industries", "countries": "countries", "geographic_scopes": "kinds of geographic reach",
    "therapeutic_areas": "therapeutic areas", "disease_areas": "disease areas", "organizational_levels": "levels of seniority",
    "product_lifecycle_stages": "stages in a product's life", "credentials": "degrees and certificates",
    "skill_categories": "categories of skills", "llm_models": "language models on offer",
}  # fmt: skip

for _name, _what in LISTS.items():
    _because = f"a list of {_what} that the platform keeps for everyone"
    table(_name, Shared(_because), text("name"), assumed(text("code")))
