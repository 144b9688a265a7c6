"""What is known of a persona beyond its evidence: whom it deals with, how its time goes, what it is like."""

from __future__ import annotations

from vital_insights.demo.draft import Draft, Row

# By table: what it may say of a persona.
STAKEHOLDERS = {
    "internal_stakeholders": (
        "Head of the function",
        "Finance partner",
        "Legal reviewer",
        "Affiliate lead",
        "Data office",
    ),
    "external_stakeholders": (
        "Hospital pharmacist",
        "Patient organisation",
        "Scientific society",
        "Contract researcher",
    ),
    "regulatory_stakeholders": ("Medicines agency", "Ethics committee", "Notified body"),
    "customer_relationships": ("Payer", "Hospital group", "Treating physician"),
    "vendor_relationships": ("Data vendor", "Translation agency", "Software supplier"),
    "industry_relationships": ("Trade association", "Standards group", "Peer at another company"),
    "stakeholder_influence_map": (
        "Decides on budget",
        "Signs the document",
        "Advises before the decision",
        "May stop the work",
    ),
    "stakeholder_journey": ("First contact", "Shared plan", "Working routine", "Review after a year"),
    "stakeholder_value_exchange": ("Data for early insight", "Time for training", "Access for feedback"),
    "internal_networks": ("Community of practice", "Project core team", "Morning call of the region"),
}
TIME = {
    "typical_day": (
        "Mails and urgent questions",
        "Meetings with two teams",
        "Writing and review",
        "Calls with affiliates",
    ),
    "week_in_life": ("Planning on Monday", "Field visits", "Reviews and approvals", "Open points on Friday"),
    "weekly_meetings": ("Team meeting", "Cross-functional core team", "One to one with the manager"),
    "weekly_milestones": ("Open questions answered", "Documents sent to review", "Numbers reported"),
    "month_in_life": ("Close and report", "Steering committee", "Training day", "Plan of the next month"),
    "monthly_objectives": ("Keep the review time", "Close the findings", "Meet the partners"),
    "monthly_stakeholders": ("Leadership team", "Regional leads", "Agency partners"),
    "year_in_life": ("Budget round", "Congress season", "Audit", "Plan of the next year"),
    "annual_conferences": ("European congress of the profession", "National society meeting", "Industry forum on data"),
}
PROFILE = {
    "education": ("Degree in life sciences", "Degree in pharmacy", "Degree in economics", "Doctorate"),
    "certifications": ("Good clinical practice", "Project management", "Data protection"),
    "career_trajectory": ("Started in a hospital", "Moved from research to business", "Leads a team since two years"),
    "motivations": ("Better care for patients", "Work that holds up to review", "Fewer detours"),
    "values": ("Honesty about uncertainty", "Care for detail", "Fair partnership"),
    "personality_traits": ("Calm under pressure", "Curious", "Careful with promises"),
    "success_metrics": ("Time to decision", "Questions answered at once", "No finding in the audit"),
    "communication_preferences": ("Short written notes", "A call rather than a mail", "Slides before the meeting"),
}
SCORES = ("visibility_score", "pain_score", "actions_score", "needs_score", "emotions_score", "scenarios_score")
REPORTS = ("Outlook of the profession", "Benchmark of team sizes", "Salary and skills survey")
FIGURES = ("Hours a week on reporting", "Share of documents sent back", "Systems opened a day")
# By table below a piece of evidence: the table above it, its key, and the words.
BELOW = {
    "research_quantitative_results": ("public_research", "research_id", ("Mean hours", "Share who agree", "Answers")),
    "statistic_history": ("supporting_statistics", "statistic_id", ("Value of last year", "Value of the year before")),
    "case_study_investments": ("case_studies", "case_study_id", ("Licences", "Training days")),
    "case_study_metrics": ("case_studies", "case_study_id", ("Cycle time", "Error rate")),
    "case_study_results": ("case_studies", "case_study_id", ("A third less waiting", "No repeated entry")),
}


def add_portraits(draft: Draft) -> None:
    """Every part for some personas, never the same share in two functions."""
    reach = {
        part: draft.reach(f"portrait/{part}", 0.7, 0.4, 0.15, 0.0)
        for part in ("stakeholders", "time", "profile", "figures")
    }
    parts = {"stakeholders": STAKEHOLDERS, "time": TIME, "profile": PROFILE}
    codes = {draft.key("org_functions", function.code): function.code for function in draft.functions}
    for persona in draft.rows["personas"]:
        chance, function = draft.chance(f"portrait/{persona['code']}"), codes[persona["function_id"]]
        for part, tables in parts.items():
            if chance.random() < reach[part][function]:
                _describe(draft, persona, tables)
        if chance.random() < reach["profile"][function]:
            scores = {name: round(chance.uniform(1, 10), 1) for name in SCORES}
            draft.add("persona_vpanes_scoring", persona["code"], persona_id=persona["id"], **scores)
        if chance.random() < reach["figures"][function]:
            _describe(draft, persona, {"industry_reports": REPORTS, "supporting_statistics": FIGURES})
    for table, (above, key, words) in BELOW.items():
        for row in draft.rows.get(f"persona_{above}", []):
            for place, name in enumerate(words, 1):
                draft.add(f"persona_{table}", f"{row['id']}/{place}", name=name, **{key: row["id"]})


def _describe(draft: Draft, persona: Row, tables: dict[str, tuple[str, ...]]) -> None:
    for table, words in tables.items():
        chance = draft.chance(f"{table}/{persona['code']}")
        if chance.random() < 0.8:
            name = chance.choice(words)
            draft.add(f"persona_{table}", persona["code"], persona_id=persona["id"], name=name)
