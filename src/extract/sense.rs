//! Decides what a name with several meanings means here, by evidence and never by a list of forbidden words.
//!
//! Evidence is what the article says without ambiguity (Tbilisi speaks for the state, Atlanta for the place), then the
//! words around the name: a capital after `in` is a place, one before a verb acts for its government.

use crate::extract::doc::Doc;
use crate::extract::evidence::{Evidence, Spot, is_code, is_short_form, is_weak};
use crate::extract::lexicon::{Known, Sense};
use crate::extract::locate::{is_dateline, is_location};
use crate::extract::tables::Tables;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;
use crate::facts::{ActorKind, Form};

/// What a name means here.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'t> {
    /// The likeliest meaning.
    pub sense: &'t Sense,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Another meaning that nothing in the article speaks against.
    pub other: Option<&'t Sense>,
}

/// What the spot means here; `None` when it is more likely no name at all.
pub fn choose<'t>(doc: &Doc, spot: &Spot<'t>, evidence: &Evidence, tables: &'t Tables) -> Option<Choice<'t>> {
    if is_code(doc, spot) || is_common(doc, spot, tables) || is_person(doc, spot, evidence, tables) {
        return None;
    }
    let firm: Vec<&'t Sense> =
        spot.senses.iter().copied().filter(|sense| is_firm(doc, spot, sense, evidence, tables)).collect();
    let (best, other) = match firm.as_slice() {
        [] => (short_form(doc, spot, tables)?, None),
        [only] => (*only, None),
        several => strongest(several, evidence, tables),
    };
    let best = seat_or_place(doc, spot, best, tables);
    let confidence = match (firm.len(), other) {
        _ if best.doubtful => 0.6,
        (_, Some(_)) => 0.6,
        (0 | 1, None) => 0.95,
        _ => 0.8,
    };
    Some(Choice { sense: best, confidence, other })
}

/// Whether a sense counts here: it is not doubtful, or the article speaks for it, or a city stands where places stand.
fn is_firm(doc: &Doc, spot: &Spot, sense: &Sense, evidence: &Evidence, tables: &Tables) -> bool {
    let known = &tables.lexicon.actors[sense.actor as usize];
    let doubtful = sense.doubtful || is_weak(sense, tables);
    if doubtful && doc.foreign {
        return false;
    }
    if !doubtful || evidence.of(sense, tables) > 0 {
        return true;
    }
    if sense.form == Form::Acronym {
        return sense.doubtful && speaks(doc, spot);
    }
    known.kind == ActorKind::Place && (spot.from > 0 && doc.reads(spot.from - 1, "in") || is_dateline(doc, spot))
}

/// `IS claimed`: letters in capitals that head a sentence or follow `the`, before a verb of saying.
fn speaks(doc: &Doc, spot: &Spot) -> bool {
    let heads = doc.tokens[spot.from].is(shape::FIRST) || doc.reads(spot.from - 1, "the");
    let says = doc.tokens.get(spot.to).is_some_and(|next| next.is_lower() && next.any(class::CUE_START));
    heads && says && !doc.paragraph(spot.from).upper
}

/// The sense with most evidence, the dominant one, which stands first, when in doubt; then the other is kept too.
fn strongest<'t>(several: &[&'t Sense], evidence: &Evidence, tables: &Tables) -> (&'t Sense, Option<&'t Sense>) {
    let mut best = several[0];
    let mut most = evidence.against(best, several, tables);
    let mut other = None;
    for sense in &several[1..] {
        if same_country(best, sense, tables) {
            continue;
        }
        let rival = evidence.against(sense, several, tables);
        if rival > most {
            (best, most, other) = (sense, rival, None);
        } else if rival == most && other.is_none() {
            other = Some(*sense);
        }
    }
    (best, other)
}

/// A capital acts for its government, or is a place on the map.
fn seat_or_place<'t>(doc: &Doc, spot: &Spot<'t>, best: &'t Sense, tables: &'t Tables) -> &'t Sense {
    let kind = |sense: &Sense| tables.lexicon.actors[sense.actor as usize].kind;
    if best.form == Form::Metonym && is_location(doc, spot, tables) {
        let place = spot.senses.iter().find(|s| kind(s) == ActorKind::Place && same_country(best, s, tables));
        place.copied().unwrap_or(best)
    } else if kind(best) == ActorKind::Place && !is_location(doc, spot, tables) {
        let seat = spot.senses.iter().find(|s| s.form == Form::Metonym && !s.doubtful && same_country(best, s, tables));
        seat.copied().unwrap_or(best)
    } else {
        best
    }
}

/// `Erie, Pa.`: a doubtful region right behind a comma and a capital.
fn short_form<'t>(doc: &Doc, spot: &Spot<'t>, tables: &Tables) -> Option<&'t Sense> {
    let region = |sense: &&&Sense| tables.lexicon.actors[sense.actor as usize].kind == ActorKind::Region;
    spot.senses.iter().find(region).copied().filter(|_| is_short_form(doc, spot))
}

fn same_country(a: &Sense, b: &Sense, tables: &Tables) -> bool {
    let country = |sense: &Sense| tables.lexicon.actors[sense.actor as usize].country.as_deref();
    country(a).is_some() && country(a) == country(b)
}

/// Whether the word is no name here: a thing, or a verb at the head of a sentence (`Polish the silver`).
fn is_common(doc: &Doc, spot: &Spot, tables: &Tables) -> bool {
    if spot.to - spot.from != 1 {
        return false;
    }
    let token = &doc.tokens[spot.from];
    let next = doc.tokens.get(spot.to).filter(|next| next.is(shape::SPACED));
    if next.is_some_and(|next| next.is_lower() || doc.paragraph(spot.from).upper)
        && next.is_some_and(|next| tables.contexts.is_thing(token.key, next.key))
    {
        return true;
    }
    doc.reads(spot.from, "polish")
        && token.is(shape::FIRST)
        && next.is_some_and(|next| next.is_lower() && next.any(class::DETERMINER))
}

/// Whether the word names a person of the article: it does so elsewhere, and nothing else speaks for the country.
fn is_person(doc: &Doc, spot: &Spot, evidence: &Evidence, tables: &Tables) -> bool {
    let geographic = |sense: &&Sense| {
        let kind = tables.lexicon.actors[sense.actor as usize].kind;
        matches!(kind, ActorKind::State | ActorKind::Region | ActorKind::Place | ActorKind::Government)
    };
    evidence.is_personal(doc, spot)
        && spot.senses.iter().all(|sense| geographic(sense) && evidence.of(sense, tables) == 0)
        && !is_location(doc, spot, tables)
        && !(spot.from > 0 && doc.tokens[spot.from - 1].any(class::DETERMINER))
}

/// `San Jose, Calif.`: the region behind the comma, when it lies in another country than every place of this name.
pub fn region_behind<'t>(doc: &Doc, spot: &Spot<'t>, behind: &Spot<'t>, tables: &'t Tables) -> Option<&'t Known> {
    let known = |sense: &Sense| &tables.lexicon.actors[sense.actor as usize];
    let region = behind.senses.iter().map(|sense| known(sense)).find(|known| known.kind == ActorKind::Region)?;
    let country = region.country.as_deref()?;
    let closed = doc.tokens[behind.from].is(shape::DOTTED)
        || matches!(doc.str(behind.to), "," | "." | ";" | ")" | "-" | "--" | "–" | "—" | "(" | "");
    let town = |sense: &Sense| {
        matches!(known(sense).kind, ActorKind::Place | ActorKind::Government | ActorKind::State)
            && sense.form != Form::Demonym
            && sense.form != Form::Acronym
    };
    let elsewhere = |sense: &&Sense| known(sense).country.as_deref() != Some(country);
    let fits = spot.senses.iter().all(|sense| elsewhere(sense) && town(sense));
    (closed && fits).then_some(region)
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, ArticleId, Origin};
    use crate::extract::{Options, Tables, extract};

    /// Ids of the actors in order of first mention; a `?` behind those that are only a second meaning.
    fn found(text: &str) -> String {
        let article = Article {
            id: ArticleId::from_stored("test"),
            date: None,
            title: String::new(),
            title_derived: true,
            text: text.to_owned(),
            text_offset: None,
            language: Some("en".to_owned()),
            source: None,
            authors: Vec::new(),
            url: None,
            origin: Origin { path: String::new(), ordinal: 0 },
            standing: crate::article::Standing::Usable,
        };
        let facts = extract(&article, Tables::builtin(), &Options { beliefs: false });
        let second = |actor: &crate::facts::Actor| actor.mentions.iter().all(|m| m.rule == crate::facts::ALTERNATIVE);
        let ids = facts.actors.iter().map(|actor| format!("{}{}", actor.id, if second(actor) { "?" } else { "" }));
        ids.collect::<Vec<_>>().join(" ")
    }

    const CASES: &[(&str, &str)] = &[
        ("Georgia closed its border with Russia after talks in Tbilisi.", "state:GE state:RU place:tbilisi"),
        (
            "Voters in Georgia and Alabama went to the polls in Atlanta.",
            "region:georgia-us region:alabama place:atlanta",
        ),
        ("Georgia and Armenia signed a trade accord.", "state:GE region:georgia-us? state:AM"),
        ("The governor of Georgia spoke in Savannah, Ga.", "region:georgia-us place:savannah"),
        ("Georgian troops left Abkhazia.", "org:ge.armed-forces state:GE region:abkhazia"),
        ("Georgia Gulf opened a plant near Atlanta.", "region:georgia-gulf place:atlanta"),
        ("Georgia Ellis won the race.", "person:georgia-ellis"),
        ("Jordan and Israel reopened the crossing near Aqaba.", "state:JO state:IL place:aqaba"),
        ("Jordan Ellis said the plan had failed. Jordan left early.", "person:jordan-ellis"),
        ("The Jordan River is shallow.", "region:jordan-river"),
        ("Chad expelled the envoy of Sudan.", "state:TD state:SD"),
        ("Chad Moreno expelled nobody.", "person:chad-moreno"),
        ("Lake Chad is shrinking.", "region:lake-chad"),
        ("Turkey closed the straits.", "state:TR"),
        ("Turkey sandwiches were served to the delegates.", ""),
        ("The chef sliced turkey for the guests in Oslo.", "place:oslo"),
        ("China plates were sold in London.", "place:london"),
        ("China Daily said on Friday the talks had failed.", "media:china-daily"),
        ("Ships crossed the South China Sea.", "region:south-china-sea"),
        ("China and Vietnam claim the islands in the South China Sea.", "state:CN state:VN region:south-china-sea"),
        ("Chile and Peru met.", "state:CL state:PE"),
        ("Guinea pigs were sold at the market.", ""),
        ("Guinea and Guinea-Bissau signed.", "state:GN state:GW"),
        ("Papua New Guinea voted.", "state:PG"),
        ("Equatorial Guinea voted.", "state:GQ"),
        ("Niger expelled the ambassador.", "state:NE"),
        ("Nigeria closed the border with Niger.", "state:NG state:NE"),
        ("Dominica elected a new parliament.", "state:DM"),
        ("The Dominican Republic elected a new parliament.", "state:DO"),
        ("Dominican officials in Santo Domingo said no.", "state:DO place:santo-domingo"),
        ("Dominican officials in Roseau said no.", "state:DM place:roseau"),
        ("Washington imposed sanctions on Iran.", "gov:US state:IR"),
        ("He lived in Washington for years.", "place:washington"),
        ("Seattle and the rest of Washington state were without power.", "place:seattle region:washington-state"),
        ("The envoys met in Washington, D.C. on Monday.", "place:washington"),
        ("The talks begin in May.", ""),
        ("May 5 is the deadline.", ""),
        ("The bush burned for days.", ""),
        ("Rice prices rose in Thailand.", "state:TH"),
        ("Will Turkey join the talks?", "state:TR"),
        ("In May Israel withdrew its troops.", "state:IL"),
        ("March 3 was quiet in Beirut.", "place:beirut"),
        ("Congo and Brazzaville officials met in Pointe-Noire.", "state:CG gov:CG"),
        ("Zaire, Uganda and Congo sent envoys.", "state:ZR state:UG state:CG"),
        ("The Democratic Republic of the Congo voted.", "state:CD"),
        ("The Republic of the Congo voted.", "state:CG"),
        ("Congolese rebels took Bukavu.", "state:CD place:bukavu"),
        ("The Congo River rose.", "region:congo-river"),
        ("They told us that the US had left.", "state:US"),
        ("THE US SAYS TALKS FAILED", "state:US"),
        ("LET US PRAY FOR RAIN TODAY", ""),
        ("The U.S. and the U.K. agreed.", "state:US state:GB"),
        ("IS claimed the attack in Mosul.", "group:islamic-state place:mosul"),
        ("It IS true that they left.", ""),
        ("WHO IS TO BLAME FOR THE FLOODS", ""),
        ("The WHO said the outbreak was over.", "igo:who"),
        ("Who said the outbreak was over?", ""),
        ("The AU sent troops to Somalia.", "igo:au state:SO"),
        ("The PA rejected the offer from Israel.", "org:ps.pa state:IL"),
        ("The European Community met in Brussels. The EC proposed tariffs.", "igo:eec place:brussels"),
        ("The PM resigned on Friday.", ""),
        ("IT workers went on strike.", ""),
        ("The European Union is split. Brussels proposed new tariffs on Chinese cars.", "igo:eu state:CN"),
        ("He was born in Brussels.", "place:brussels"),
        ("Belgium raised taxes and Brussels cheered.", "state:BE gov:BE"),
        ("The Hague tribunal sentenced him.", "place:the-hague"),
        ("The court in The Hague ruled.", "place:the-hague"),
        ("Paris condemned the attack.", "gov:FR"),
        ("India condemned the attack.", "state:IN"),
        ("He studied in Paris, Texas.", "place:paris-texas region:texas"),
        ("The firm is based in London, Ontario.", "place:london-ontario region:ontario"),
        ("The firm is based in San Jose, Calif.", "place:san-jose-california region:california"),
        ("The firm is based in San Jose, Costa Rica.", "place:san-jose state:CR"),
        ("SAN JOSE, Calif., May 3 - The firm opened a plant.", "place:san-jose-california region:california"),
        ("A fire burned in Athens, Ga.", "place:athens-georgia region:georgia-us"),
        ("Polish officials met in Warsaw.", "state:PL place:warsaw"),
        ("Polish the silver before the guests come.", ""),
        ("They polish the lenses in Oslo.", "place:oslo"),
        ("Korea and Japan signed in Seoul.", "state:KR state:JP place:seoul"),
        ("North Korea fired a missile.", "state:KP"),
        ("The Korean Peninsula is tense.", "region:korean-peninsula"),
        ("Northern Ireland's parties met in Belfast.", "region:northern-ireland place:belfast"),
        ("Ireland voted.", "state:IE"),
        ("Ron English appealed. English said the case was closed.", "person:ron-english"),
        ("Kenneth Douglas bought the firm. Douglas paid in cash.", "person:kenneth-douglas"),
        ("The share <UK> rose.", ""),
        ("The share <ROK> rose in New York.", "place:new-york"),
        ("Sudan and South Sudan agreed.", "state:SD state:SS"),
        ("American Samoa and Samoa voted.", "state:AS state:WS"),
        ("Macedonia and Greece agreed.", "state:MK state:GR"),
        ("The British Virgin Islands changed their law.", "state:VG"),
        ("The Virgin Islands signed a tax treaty with the United States.", "state:VI state:US"),
        ("Mali and Malawi voted.", "state:ML state:MW"),
        ("Oman and the Gulf of Oman are calm.", "state:OM region:gulf-of-oman"),
        ("The Bank of England raised rates.", "org:gb.boe"),
        ("The New York Times reported it.", "media:nyt"),
        ("Lebanon, Ohio, flooded.", "place:lebanon-ohio region:ohio"),
        ("Cuba, Missouri, flooded.", "place:cuba-missouri region:missouri"),
        ("Senator Jordan left.", "person:jordan"),
        ("Mr. Holland said no.", "person:holland"),
        ("Cyprus and Holland signed.", "state:CY state:NL"),
        ("Jersey raised its tax.", "state:JE"),
        ("New Jersey raised its tax.", "region:new-jersey"),
        ("New Mexico raised its tax.", "region:new-mexico"),
        ("The Gulf of Mexico is warm.", "region:gulf-of-mexico"),
        ("IS said it was behind the attack.", "group:islamic-state"),
        ("Georgia rejected the plan.", "state:GE region:georgia-us?"),
        ("Congo rejected the plan.", "state:CD state:CG?"),
        ("Congolese soldiers crossed the river.", "org:cd.fardc state:CD"),
        ("Birmingham and Coventry flooded.", "place:birmingham-gb place:coventry"),
        ("The fire in Birmingham, Ala., spread.", "place:birmingham region:alabama"),
        ("Police in Cambridge, Mass., closed the bridge.", "place:cambridge region:massachusetts"),
        ("Samoa and Tonga voted.", "state:WS state:TO"),
        ("Luxembourg raised its tax.", "state:LU"),
        ("Guam and Puerto Rico voted.", "state:GU state:PR"),
        ("West Germany and East Germany signed.", "state:DE state:DD"),
        ("North Yemen and South Yemen signed.", "state:YE state:YD"),
        ("He flew from Wellington. The New Zealand dollar fell.", "place:wellington state:NZ"),
        ("WELLINGTON, March 3 - New Zealand raised rates.", "place:wellington state:NZ"),
        ("Lady Jordan left. Jordan was late.", "person:jordan"),
        ("Danish pastries were served in Oslo.", "place:oslo"),
        ("Danish ministers met in Oslo.", "state:DK place:oslo"),
        ("Brussels sprouts are cheap in Ghent.", "place:ghent"),
        ("Brazil nuts are dear.", ""),
        ("Panama hats are dear.", ""),
        ("Panama ships are late.", "state:PA"),
        ("French fries are cheap.", ""),
        ("St. Petersburg, Fla., flooded.", "place:st-petersburg-florida region:florida"),
        ("Rome, Italy, is old.", "place:rome state:IT"),
        ("Rome, N.Y., is young.", "place:rome-new-york-state region:new-york-state"),
    ];

    #[test]
    fn the_article_decides_what_a_name_means() {
        for (text, expected) in CASES {
            assert_eq!(found(text), *expected, "{text}");
        }
    }
}
