"""Layouts of the sources about feedback, incidents and legal cases, and of the registers kept by hand."""

from __future__ import annotations

from opti_reports.demo.layout import (
    Layout,
    boolean,
    date,
    datetime,
    enum,
    fixed,
    ident,
    integer,
    month,
    text,
    unit,
)
from opti_reports.demo.sources_service import LANGUAGE

FEEDBACK = Layout(
    "client_feedback", "palaute", window=2, timing=6, quoted=True, dates="finnish", booleans=("kyllä", "ei"),
    columns=(
        ident("feedback_id", "Palaute ID", "F0000000000"),
        unit("unit_code?", "Kohde", "palaute"),
        datetime("received_at", "Jätetty"),
        enum("channel?", "Palautekanava", "verkko, tekstiviesti, laite, paperi, suullinen, puhelin, muu"),
        text("text?", "Avoin palaute"),
        boolean("quote_marked?", "Nosto"),
        enum("feedback_kind?", "Palautetyyppi", "kiitos, moite, kehitysehdotus, kysymys, muu"),
        enum(
            "topic?", "Aihe",
            "yhteydensaanti, hoito, kohtelu, odotusaika, tiedonkulku, tilat, laskutus, digipalvelut",
        ),
        boolean("reply_wanted?", "Vastaus toivottu"),
        datetime("first_handled_at?", "Käsittely aloitettu"),
        datetime("closed_at?", "Käsittely päättynyt"),
        datetime("first_replied_at?", "Vastine annettu"),
        datetime("rerouted_at?", "Uudelleenohjattu"),
        unit("rerouted_from_unit_code?", "Siirretty yksiköstä", "palaute"),
        datetime("reopened_at?", "Avattu uudelleen"),
        enum("state", "Status", "uusi, kasittelyssa, vastattu, suljettu, roskaposti"),
        enum("language?", "Kieli", LANGUAGE),
    ),
)  # fmt: skip

HAIPRO = Layout(
    "haipro_reports", "haipro", window=6, timing=3, encoding="cp1252", dates="finnish",
    columns=(
        ident("report_id", "Ilmoitusnumero", "H00000000"),
        enum(
            "report_type", "Ilmoitustyyppi",
            "patient_safety=Asiakas- ja potilasturvallisuus, occupational_safety=Työturvallisuusilmoitus, "
            "data_security=Tietoturva, other",
        ),
        unit("event_unit_code", "Tapahtumayksikkö", "haipro"),
        unit("handler_unit_code", "Käsittelevä yksikkö", "haipro"),
        datetime("reported_at", "Ilmoitettu"),
        datetime("arrived_at?", "Saapunut"),
        datetime("transferred_at?", "Siirretty"),
        unit("transferred_from_unit_code?", "Siirtävä yksikkö", "haipro"),
        datetime("received_at?", "Vastaanotettu"),
        datetime("classified_at?", "Luokiteltu"),
        datetime("analysed_at?", "Analysoitu"),
        datetime("closed_at?", "Käsittely päättynyt"),
        enum(
            "state", "Käsittelyn tila",
            "odottaa, kasittelyssa, lisatietopyynto, siirretty, kasitelty, mitatoity",
        ),
        enum("nature?", "Tapahtuman luonne", "lahelta_piti, tapahtui_asiakkaalle, muu_havainto"),
        enum(
            "event_type?", "Tapahtuman tyyppi",
            "laake_neste_veri, tiedonkulku, tapaturma_onnettomuus, laite_tarvike, vakivalta, "
            "hoidon_jarjestelyt, "
            "aseptiikka, diagnostiikka, muu_hoito, muu",
        ),
        enum("consequence?", "Seuraus potilaalle", "ei_haittaa, lieva, kohtalainen, vakava, ei_tiedossa"),
        enum("risk_class?", "Riskiluokka", "I, II, III, IV, V"),
        enum(
            "action_proposal?", "Toimenpide ehdotus",
            "ei_toimenpiteita, informoidaan, kehittamistoimenpide, ylemmalle_tasolle",
        ),
        boolean("serious_process?", "Vakava vaaratapahtuma"),
        fixed("Lomakeversio", "7"),
    ),
)  # fmt: skip

LEGAL = Layout(
    "legal_cases", "asiat", window=24, timing=6, delimiter="\t", dates="finnish", booleans=("1", "0"),
    columns=(
        ident("case_id", "Diaarinumero", "ASIA/0000000/12.00"),
        enum("case_kind", "Asialaji", "muistutus, kantelu, pvk_selvitys, muu_selvitys"),
        unit("unit_code", "Kohdeyksikkö", "asianhallinta"),
        enum("authority?", "Viranomainen", "avi, valvira, lvv, eoa, okv, tietosuojavaltuutettu, pvk, ei"),
        date("received_at", "Vireilletulo"),
        date("due_at?", "Määräaika"),
        date("replied_at?", "Selvitys annettu"),
        boolean("from_complaint?", "Siirretty kantelusta"),
        enum("topic?", "Aihe", "hoitoon_paasy, hoito, kohtelu, tiedonsaanti, asiakirjat, tietosuoja, muu"),
        enum(
            "outcome?", "Ratkaisu",
            "ei_toimenpiteita, kehittaminen, huomautus_ohjaus, korvattu, ei_korvattu, kesken",
        ),
    ),
)  # fmt: skip

ACTIONS = Layout(
    "action_register", "toimenpiteet", window=24, timing=3, xlsx=True,
    columns=(
        ident("action_id", "Nro", "T000000"),
        unit("unit_code", "Yksikkö", "opti"),
        text("title", "Toimenpide"),
        enum("source_kind", "Lähde", "haipro, palaute, muistutus_kantelu, mittari, auditointi, muu"),
        text("source_ref?", "Viite"),
        enum(
            "metric_id?", "Mittari",
            "callback_24h_pct, immediate_access_pct, haipro_closed_60d_pct, "
            "feedback_answered_5wd_pct, t3_days, "
            "nps, sick_leave_pct, budget_ytd_pct, doctor_wait_7d_pct, legal_replies_on_time_pct",
        ),
        date("opened_at", "Avattu"),
        date("started_at?", "Aloitettu"),
        date("first_due_at?", "Alkuperäinen määräaika"),
        date("due_at", "Määräaika"),
        date("done_at?", "Toteutettu"),
        enum("state", "Tila", "ehdotettu, sovittu, kaynnissa, valmis, peruttu"),
        text("expected_effect?", "Odotettu vaikutus"),
        enum(
            "owner_role", "Vastuurooli",
            "ylilääkäri, osastonhoitaja, apulaisosastonhoitaja, palveluyksikön johtaja",
        ),
        unit("decided_by?", "Päättäjä", "opti"),
        enum("escalated_to?", "Viety tasolle", "palveluyksikko, johtoryhma"),
        enum("answer?", "Vastaus", "hyvaksytty, hylatty, odottaa"),
        date("answered_at?", "Vastattu"),
        enum("answered_by_role?", "Vastaaja", "johtava ylilääkäri, palveluyksikön johtaja, johtoryhmä"),
    ),
)  # fmt: skip

OMAVALVONTA = Layout(
    "omavalvonta", "omavalvonta", window=24, timing=3, xlsx=True, booleans=("x", "ei"),
    columns=(
        unit("unit_code", "Yksikkö", "opti"),
        date("plan_updated_on?", "Suunnitelma päivitetty"),
        boolean("plan_published?", "Julkaistu"),
        date("next_review_on?", "Seuraava tarkistus"),
        boolean("haipro_handler_named?", "HaiPro käsittelijä nimetty"),
        boolean("haipro_deputy_named?", "HaiPro varahenkilö nimetty"),
        boolean("feedback_handler_named?", "Palautteen käsittelijä nimetty"),
        boolean("feedback_deputy_named?", "Palautteen varahenkilö nimetty"),
        date("access_rights_checked_on?", "Käyttöoikeudet tarkistettu"),
        date("haipro_with_staff_on?", "HaiPro käsitelty henkilöstön kanssa"),
        date("feedback_with_staff_on?", "Palautteet käsitelty henkilöstön kanssa"),
    ),
)  # fmt: skip

PREPARATIONS = Layout(
    "preparation_notes", "valmistelut", window=1, timing=12, xlsx=True, booleans=("kyllä", "ei"),
    columns=(
        unit("unit_code", "Yksikkö", "opti"),
        month("month", "Kuukausi"),
        enum(
            "metric_id", "Poikkeama",
            "callback_24h_pct, immediate_access_pct, haipro_closed_60d_pct, sick_leave_pct, "
            "care_need_same_day_pct",
        ),
        text("cause", "Syy"),
        text("action?", "Toimenpide"),
        enum("owner_role?", "Vastuurooli", "ylilääkäri, osastonhoitaja, apulaisosastonhoitaja"),
        date("due_at?", "Määräaika"),
        text("support?", "Tuen tarve"),
        boolean("escalate?", "JYL"),
    ),
)  # fmt: skip

SERIOUS = Layout(
    "serious_incidents", "vakavat", window=24, timing=3, xlsx=True,
    columns=(
        ident("incident_id", "Tunniste", "V00000"),
        unit("unit_code", "Palveluyksikkö", "opti"),
        date("opened_at", "Avattu"),
        enum(
            "state", "Tila",
            "tunnistettu, selvitys_asetettu, selvitys_valmis, suositukset_paatetty, toteutettu, arvioitu",
        ),
        integer("recommendations_n?", "Suosituksia"),
        integer("recommendations_done_n?", "Suosituksia toteutettu"),
    ),
)  # fmt: skip
