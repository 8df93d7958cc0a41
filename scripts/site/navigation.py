"""The order of the documentation's pages, as a newcomer needs them: the parts, and the pages of each."""

PARTS = {
    "Begin": ["start", "own-data", "a-month", "a-week"],
    "What the packs say": [
        "packs",
        "statistics",
        "metrics",
        "processes",
        "reference-figures",
        "public",
        "own-doctor-pairs",
    ],
    "Make them yours": ["templates", "lines"],
    "Run it": ["commands", "systems", "mail", "archive", "scale", "bi"],
    "Answer for it": ["confidentiality", "security", "auditor", "accessibility"],
    "Work on it": ["contributing", "design", "adr/README"],
}
