"""Everyday sentences of client feedback, by language and kind."""

from __future__ import annotations

QUOTES: dict[tuple[str, str], tuple[str, ...]] = {
    ("fi", "kiitos"): (
        "Kiitos ystävällisestä palvelusta!",
        "Sain ajan jo samalle päivälle, mikä yllätti iloisesti.",
        "Hoitaja kuunteli rauhassa ja selitti kaiken ymmärrettävästi.",
        "Lääkäri otti vaivani tosissaan ja jatko sovittiin heti.",
        "Takaisinsoitto tuli alle puolessa tunnissa.",
        "Chatissa asia hoitui muutamassa minuutissa, hieno palvelu.",
        "Vastaanotolla oli lämmin ja kiireetön tunnelma.",
        "Tuntui, että minusta oikeasti välitettiin.",
        "Laboratoriovastaukset soitettiin niin kuin luvattiin.",
        "Asiointi sujui kerralla alusta loppuun.",
        "Haavanhoito oli taitavaa ja ohjeet selkeät.",
        "Neuvonnan henkilö jaksoi auttaa, vaikka jono oli pitkä.",
    ),
    ("fi", "moite"): (
        "Puhelimeen oli vaikea päästä läpi, jonotin lähes tunnin.",
        "Takaisinsoittoa ei tullut koko päivänä.",
        "Aika lääkärille oli vasta kolmen viikon päästä.",
        "Odotin vastaanotolla yli puoli tuntia myöhässä.",
        "Eri henkilö joka kerta, sama tarina piti kertoa uudelleen.",
        "Reseptin uusiminen kesti liian kauan.",
        "Lomakkeen kysymykset olivat vaikeita ymmärtää.",
        "En saanut tietoa, miten hoitoni jatkuu.",
        "Odotustilassa ei ollut riittävästi istuimia.",
        "Verkkosivuilta oli hankala löytää oikea numero.",
        "Toivoisin ilta-aikoja työssä käyville.",
        "Pysäköintipaikkoja on liian vähän aamuisin.",
        "Lähete viipyi ja jouduin kyselemään sen perään.",
        "Sovellus kaatui kesken esitietojen täyttämisen.",
    ),
    ("sv", "kiitos"): (
        "Tack för vänligt bemötande!",
        "Jag fick hjälp samma dag och på mitt eget språk.",
        "Skötaren lyssnade och förklarade lugnt.",
        "Läkaren tog sig tid och vi kom överens om fortsättningen.",
        "De ringde tillbaka snabbt.",
        "Chatten fungerade utmärkt.",
    ),
    ("sv", "moite"): (
        "Jag fick ingen betjäning på svenska.",
        "Ingen ringde tillbaka under dagen.",
        "Tiden till läkaren var först om tre veckor.",
        "Det var svårt att komma fram på telefon.",
        "Blanketten fanns bara på finska.",
        "Jag vet inte hur vården fortsätter.",
        "Väntrummet var fullt och kallt.",
    ),
}
