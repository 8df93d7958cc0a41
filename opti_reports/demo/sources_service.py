"""Layouts of the sources that hold contacts with clients: phone, digital, visits, appointments, referrals."""

from __future__ import annotations

from opti_reports.demo.layout import (
    Layout,
    boolean,
    client,
    date,
    datetime,
    enum,
    fixed,
    ident,
    integer,
    professional,
    unit,
)

PROFESSIONS = "LK, SH, MUU"
URGENCY = "nonurgent, urgent, unknown"
LANGUAGE = "fi, sv, en, muu"
UNSURE = "En osaa sanoa"

PHONE = Layout(
    "phone_contacts", "puhelut", window=2, timing=3, encoding="cp1252", dates="finnish",
    columns=(
        ident("contact_id", "Puhelu ID", "P00000000000"),
        unit("unit_code", "Jono", "puhelin"),
        unit("handling_unit_code?", "Vastannut yksikkö", "puhelin"),
        enum("contact_kind", "Tyyppi", "live_call=Puhelu, callback_request=Takaisinsoitto"),
        datetime("arrived_at", "Saapunut"),
        datetime("answered_at?", "Vastattu"),
        datetime("first_callback_at?", "Ensimmäinen takaisinsoitto"),
        datetime("reached_at?", "Tavoitettu"),
        integer("attempts_n?", "Soittoyritykset"),
        enum(
            "end_state", "Lopputulos",
            "answered=vastattu, called_back=soitettu takaisin, unreachable=ei tavoitettu, "
            "abandoned=luopunut, "
            "removed=poistettu, duplicate=tuplapyyntö, open=jonossa",
        ),
        enum("language?", "Kielilinja", LANGUAGE),
        boolean("in_opening_hours?", "Aukioloaikana"),
        fixed("Järjestelmä", "Puhepalvelu 4"),
    ),
)  # fmt: skip

DIGI = Layout(
    "digi_contacts", "digi", window=2, timing=3, encoding="utf-8-sig", dates="iso_t",
    columns=(
        ident("case_id", "asiointi_id", "D00000000000"),
        unit("unit_code", "terveysasema", "lunna"),
        unit("handling_unit_code?", "käsittelevä_yksikkö", "lunna"),
        enum("channel", "kanava", "chat, message=kiireetön viesti, form=lomake, video=videovastaanotto"),
        datetime("opened_at", "avattu"),
        datetime("first_response_at?", "ensivastaus"),
        datetime("closed_at?", "suljettu"),
        enum(
            "end_state", "tila",
            "resolved=ratkaistu, continued=jatkuu, abandoned=keskeytynyt, "
            "redirected=ohjattu muualle, open=avoin",
        ),
        integer("client_age?", "asiakkaan_ikä"),
        enum("language?", "kieli", LANGUAGE),
        integer("rating_1_5?", "tähdet"),
        fixed("sovellus", "Lunna"),
    ),
)  # fmt: skip

VISITS = Layout(
    "avohilmo_events", "avohilmo", window=8, timing=8, booleans=("1", "0"),
    columns=(
        ident("event_id", "avohilmo_id", "A00000000000"),
        unit("unit_code", "palveluntuottaja_yksikko", "avohilmo"),
        unit("home_unit_code?", "vastuuasema", "avohilmo"),
        client("client_pseudo_id", "asiakas_pseudo"),
        integer("age_at_event", "ika"),
        enum("client_language?", "asiointikieli", "fi, sv, muu"),
        datetime("contacted_at?", "yhteydenotto_ajankohta"),
        datetime("hta_at?", "hoidontarve_ajankohta"),
        enum("hta_profession?", "hta_ammattiluokka", PROFESSIONS),
        enum("hta_urgency?", "hta_kiireellisyys", URGENCY),
        enum("hta_result?", "hta_tulos", "visit_needed, solved_in_contact, other_service, no_need, unknown"),
        datetime("booked_at?", "ajanvaraus_ajankohta"),
        datetime("booked_for?", "ajanvaraus_varattu"),
        datetime("visit_start?", "kaynti_alkoi"),
        enum(
            "contact_type?", "kaynti_yhteystapa",
            "R10, R20, R30, R40, R50, R51, R52, R55, R56, R60, R70, R71, R80, R90",
        ),
        enum("service_form", "kaynti_palvelumuoto", "T11, T71, T40"),
        enum("visit_nature?", "kaynti_luonne", "SH, TH"),
        enum("visitor_group?", "kaynti_kavijaryhma", "1, 2, 4"),
        enum("urgency?", "kaynti_kiireellisyys", URGENCY),
        enum("profession_class", "kaynti_ammattiluokka", PROFESSIONS),
        professional("professional_pseudo_id?", "kaynti_toteuttaja"),
        professional("own_doctor_pseudo_id?", "omalääkäri"),
        boolean("plan_based?", "hoitosuunnitelmakäynti"),
        boolean("guarantee_exempt?", "hoitotakuu_ei_koske"),
        datetime("cancelled_at?", "peruutus_ajankohta"),
        enum("cancel_reason?", "peruutus_syy", "1, 2, 3, 9"),
        fixed("rekisteri", "AVO"),
    ),
)  # fmt: skip

T3 = Layout(
    "t3_snapshots", "t3", window=1, timing=3, xlsx=True,
    columns=(
        date("snapshot_date", "Mittauspäivä"),
        unit("unit_code", "Terveysasema", "ajanvaraus"),
        enum("profession_class", "Ammattiryhmä", "LK=Lääkäri, SH=Sairaanhoitaja, MUU"),
        professional("book_pseudo_id?", "Ajanvarauskirja"),
        integer("t3_days", "T3 päivää"),
        fixed("Laskentatapa", "kalenteripäivä"),
    ),
)  # fmt: skip

REFERRALS = Layout(
    "referrals", "lahetteet", window=2, timing=8, delimiter=",", dates="iso", booleans=("true", "false"),
    columns=(
        ident("referral_id", "Lähetetunnus", "L00000000000"),
        unit("unit_code", "Lähettävä yksikkö", "avohilmo"),
        date("sent_at", "Lähetepvm"),
        enum("target", "Vastaanottava taho", "esh, kuvantaminen, fysioterapia, mtp, muu"),
        enum("specialty?", "Erikoisala", "10, 20, 25, 30, 50, 58, 70, 75, 98"),
        enum("urgency?", "Kiireellisyys", URGENCY),
        boolean("returned?", "Palautettu"),
    ),
)  # fmt: skip

SURVEY = Layout(
    "survey_responses", "kysely", window=2, timing=3, encoding="utf-16", delimiter="\t", dates="finnish",
    columns=(
        ident("response_id", "Vastaus ID", "K0000000000"),
        unit("unit_code", "Toimipiste", "kysely"),
        datetime("answered_at", "Vastausaika"),
        date("service_date?", "Käyntipäivä"),
        enum("service_channel?", "Asiointikanava", "vastaanotto, puhelin, digi, muu"),
        enum("language", "Vastauskieli", LANGUAGE),
        enum("age_group?", "Ikäryhmä", "13-17, 18-29, 30-49, 50-64, 65-84, 85+"),
        integer("nps_0_10?", "Suositteluarvo", UNSURE),
        integer("s1_help?", "Sain apua, kun sitä tarvitsin", UNSURE),
        integer("s2_cared?", "Minulle jäi tunne, että minusta välitettiin kokonaisvaltaisesti", UNSURE),
        integer("s3_shared?", "Hoitoani koskevat päätökset tehtiin yhteistyössä kanssani", UNSURE),
        integer("s4_safe?", "Koin oloni turvalliseksi hoidon aikana", UNSURE),
        integer("s5_continuity?", "Tiedän miten hoitoni jatkuu", UNSURE),
        integer("s6_understand?", "Saamani tieto hoidosta oli ymmärrettävää", UNSURE),
        integer("s7_benefit?", "Koin saamani hoidon hyödylliseksi", UNSURE),
        fixed("Kyselyversio", "2023"),
    ),
)  # fmt: skip
