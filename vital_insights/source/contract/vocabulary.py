"""The words that enumerated columns use, as both schema documents spell them. Unknown words are kept and counted."""

WORDS: dict[str, tuple[str, ...]] = {
    "functional_area_type": (
        "Commercial", "Medical Affairs", "Market Access", "Clinical", "Regulatory", "R&D", "Manufacturing", "Quality",
        "Operations", "IT/Digital", "Legal", "Finance", "HR", "Business Development",
        "commercial", "medical_affairs", "market_access", "clinical", "regulatory", "r_and_d", "manufacturing", "quality",
        "operations", "it_digital", "legal", "finance", "hr", "business_development",
    ),
    "job_category_type": (
        "strategic", "operational", "tactical", "administrative", "analytical", "collaborative", "creative", "technical",
    ),
    "frequency_type": ("daily", "weekly", "monthly", "quarterly", "yearly", "annually", "as_needed", "ad_hoc"),
    "complexity_type": ("simple", "moderate", "complex", "expert", "low", "medium", "high", "very_high"),
    "jtbd_status": ("draft", "active", "deprecated", "archived"),
    "tenant_status": ("trial", "active", "suspended", "cancelled", "churned"),
    "tenant_tier": ("free", "starter", "professional", "enterprise"),
    "tenant_role": ("owner", "admin", "manager", "member", "guest", "viewer"),
    "agent_status": ("development", "testing", "active", "maintenance", "deprecated", "archived"),
    "agent_type": (
        "specialist", "orchestrator", "synthesizer", "validator", "facilitator", "analyst", "researcher", "strategist",
    ),
    "validation_status": ("pending", "in_review", "approved", "rejected", "requires_update"),
    "domain_expertise": (
        "medical", "regulatory", "legal", "financial", "business", "technical", "commercial", "market_access", "clinical",
        "manufacturing", "quality", "research", "general",
    ),
    "data_classification": ("public", "internal", "confidential", "restricted", "phi"),
    "decision_type": ("routine", "tactical", "strategic", "critical"),
    "prompt_role_type": ("system", "context", "instruction", "example", "panel_orchestration", "analysis", "synthesis"),
    "visibility_level": ("private", "tenant", "subtenant", "organization", "public"),
    "conversation_mode": ("expert_consultation", "panel_discussion", "ask_panel"),
    "message_role": ("user", "assistant", "system", "agent", "panel_moderator"),
    # Of document 2, or of its columns.
    "mapping_source": ("manual", "ai_suggested", "imported", "derived"),
    "outcome_type": ("speed", "stability", "output", "cost", "risk"),
    "opportunity_priority": ("high", "medium", "low"),
    "obstacle_type": ("technical", "resource", "process", "political", "knowledge"),
    "constraint_type": ("regulatory", "budget", "technical", "resource", "time"),
    "severity": ("low", "medium", "high", "critical"),
}  # fmt: skip
