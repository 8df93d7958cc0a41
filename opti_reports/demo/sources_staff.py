"""Layouts of the sources about staff, training, students, money and contracts."""

from __future__ import annotations

from opti_reports.demo.layout import (
    Layout,
    boolean,
    date,
    decimal,
    enum,
    fixed,
    ident,
    integer,
    month,
    text,
    unit,
    week,
)
from opti_reports.demo.sources_service import PROFESSIONS

RESOURCING = Layout(
    "resourcing_weekly", "resursointi", window=2, timing=3, xlsx=True,
    columns=(
        unit("unit_code", "Terveysasema", "resursointi"),
        week("week", "Viikko"),
        enum("profession_class", "Ammattiryhmä", PROFESSIONS),
        decimal("planned_person_days", "Suunniteltu", 1),
        decimal("actual_person_days", "Toteutunut", 1),
        decimal("agency_person_days?", "Vuokratyö", 1),
        decimal("absence_person_days?", "Poissaolot", 1),
    ),
)  # fmt: skip

HR = Layout(
    "hr_monthly", "hr", window=3, timing=10,
    columns=(
        unit("unit_code", "Kustannuspaikka", "hr"),
        month("month", "Kuukausi"),
        enum("profession_class", "Nimikeryhmä", PROFESSIONS),
        integer("headcount_permanent_end", "Vakinaiset kk lopussa"),
        integer("headcount_all_end", "Henkilöstö kk lopussa"),
        decimal("positions_n", "Vakanssit", 1),
        decimal("positions_vacant_n", "Täyttämättömät", 1),
        integer("leavers_permanent_n", "Lähteneet vakinaiset"),
        integer("joiners_permanent_n?", "Tulleet vakinaiset"),
        integer("internal_moves_out_n?", "Sisäiset siirrot pois"),
        decimal("sick_calendar_days", "Sairauspoissaolopäivät", 1),
        decimal("service_calendar_days", "Palvelussuhdepäivät", 1),
        decimal("fte_htv2?", "HTV2", 2),
        fixed("Raportti", "Kuukausiraportti"),
    ),
)  # fmt: skip

WELLBEING = Layout(
    "wellbeing_survey", "tyohyvinvointi", window=1, timing=3, xlsx=True, months="day",
    columns=(
        unit("unit_code", "Tiimi", "tyohyvinvointi"),
        month("wave", "Kyselykierros"),
        enum("item", "Kysymys", "index, enps, johtaminen, tyoyhteiso, palautuminen, kehittyminen"),
        integer("invited_n", "Kutsuttu"),
        integer("answers_n", "Vastaajia"),
        decimal("mean?", "Keskiarvo", 2),
        integer("scale_max?", "Asteikko max"),
        integer("promoters_n?", "Suosittelijat"),
        integer("detractors_n?", "Arvostelijat"),
    ),
)  # fmt: skip

TRAINING = Layout(
    "training_monthly", "koulutus", window=4, timing=10, months="slash", encoding="cp1252",
    columns=(
        unit("unit_code", "Yksikkö", "hr"),
        month("month", "KK"),
        enum("profession_class", "Ammattiryhmä", PROFESSIONS),
        decimal("training_days", "Koulutuspäivät", 1),
        integer("participants_ytd_n", "Osallistujat kumul"),
        integer("headcount_n", "Henkilöstömäärä"),
        decimal("cost_eur?", "Koulutuskustannukset", 2),
        integer("mandatory_required_n?", "Pakolliset vaaditut"),
        integer("mandatory_valid_n?", "Pakolliset voimassa"),
        decimal("feedback_mean_1_5?", "Koulutuspalaute", 2),
    ),
)  # fmt: skip

STUDENTS = Layout(
    "students_term", "opiskelijat", window=6, timing=3, xlsx=True, months="slash",
    columns=(
        unit("unit_code", "Harjoittelupaikka", "jobiili"),
        month("month", "Kuukausi"),
        enum("education_level", "Koulutusaste", "ammatillinen, amk, yliopisto_laakis, muu"),
        integer("places_offered_n", "Tarjotut paikat"),
        integer("places_filled_n", "Toteutuneet paikat"),
        decimal("student_weeks?", "Opiskelijaviikot", 1),
        integer("cles_answers_n?", "CLES vastaajat"),
        decimal("cles_mean?", "CLES keskiarvo", 2),
        integer("cles_scale_max?", "CLES asteikko"),
    ),
)  # fmt: skip

BUDGET = Layout(
    "budget_monthly", "talous", window=12, timing=-15, encoding="cp1252",
    columns=(
        unit("unit_code", "Kustannuspaikka", "kustannuspaikka"),
        month("month", "Kausi"),
        enum(
            "account_group", "Tiliryhmä",
            "henkilostokulut, vuokratyovoima, palvelujen_ostot, aineet_tarvikkeet, vuokrat, "
            "muut_kulut, tuotot",
        ),
        decimal("actual_eur", "Toteuma", 2),
        decimal("budget_eur", "Talousarvio", 2),
        decimal("budget_year_eur?", "Vuosibudjetti", 2),
        decimal("forecast_year_eur?", "Tilinpäätösennuste", 2),
        boolean("month_closed?", "Kausi suljettu"),
    ),
)  # fmt: skip

CONTRACTS = Layout(
    "contracts", "sopimukset", window=1, timing=3, xlsx=True, booleans=("kyllä", "ei"),
    columns=(
        date("snapshot_date", "Poimintapvm"),
        ident("contract_id", "Sopimusnumero", "S0000"),
        unit("unit_code", "Vastuuyksikkö", "sopimus"),
        text("supplier?", "Toimittaja"),
        date("starts_on", "Alkaa"),
        date("ends_on?", "Päättyy"),
        boolean("decision_made?", "Jatkopäätös"),
        date("last_review_on?", "Viimeisin katselmus"),
        boolean("owner_named?", "Vastuuhenkilö nimetty"),
        decimal("value_eur?", "Vuosiarvo", 2),
        boolean("active", "Voimassa"),
    ),
)  # fmt: skip
