//! Tests of dated offices and ministries, with persons that nobody ever elected.

use super::*;
use crate::article::{ArticleId, Origin};
use crate::date::{Provenance, Published};

const PERSONS: &str = "id\tname\torder\tgender\tcountry\taliases
person:ada-lund\tAda Lund\tgiven-first\tf\tNO\t
person:bo-berg\tBo Berg\tgiven-first\tm\tNO\t
person:ivar-holm\tIvar Holm\tgiven-first\tm\tNO\t
person:siv-aas\tSiv Aas\tgiven-first\tf\tNO\t
person:olga-perova\tOlga Perova\tgiven-first\tf\tRU\t
person:pyotr-sedov\tPyotr Sedov\tgiven-first\tm\tRU\t
person:tan-weilin\tTan Weilin\tfamily-first\tm\tCN\t
person:mo-qing\tMo Qing\tfamily-first\tf\tCN\t
person:bei-lan\tBei Lan\tfamily-first\tm\tCN\t
person:joan-abbot\tJoan Abbot\tgiven-first\tf\tUS\t
person:carl-dexter\tCarl Dexter\tgiven-first\tm\tUS\t
person:nils-dexter\tNils Dexter\tgiven-first\tm\tUS\t
person:rosa-quint\tRosa Quint\tgiven-first\tf\tPT\t
person:leo-tarn\tLeo Tarn\tgiven-first\tm\tVA\t
";

const TENURES: &str = "person\toffice\tfrom\tto
person:ada-lund\tno.prime-minister\t2001-03-05\t2005-10-17
person:bo-berg\tno.prime-minister\t2005-10-17\t
person:ivar-holm\tno.foreign-minister\t2001\t2009-02
person:siv-aas\tno.government-spokesperson\t2003\t2010
person:olga-perova\tru.president\t2000-05-07\t2008-05-07
person:pyotr-sedov\tru.presidential-spokesperson\t2000-05\t2012
person:tan-weilin\tcn.president\t2003-03-15\t2013-03-14
person:mo-qing\tcn.foreign-ministry-spokesperson\t2003\t2008-12
person:bei-lan\tcn.foreign-ministry-spokesperson\t2003\t2008-12
person:joan-abbot\tus.president\t2001-01-20\t2009-01-20
person:carl-dexter\tus.secretary-of-state\t2001-01-20\t2009-01-21
person:nils-dexter\tus.secretary-of-state\t1993-01-20\t1994-12
person:nils-dexter\tus.ambassador-to-no\t2003\t2008
person:rosa-quint\tun.secretary-general\t1997\t2011-12
person:leo-tarn\tva.pope\t1998-02\t2010
";

fn facts(date: &str, text: &str) -> Facts {
    let sources = Sources { persons: PERSONS, tenures: TENURES, ..BUILTIN };
    let tables = Tables::parse(&sources).unwrap();
    let date = date.parse().ok().map(|date| Published { date, time: None, provenance: Provenance::Header });
    let article = Article {
        id: ArticleId::from_stored("test"),
        date,
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
    extract(&article, &tables, &Options { beliefs: false })
}

/// Checks `id=words` of every mention that an office gave, in order.
fn check(date: &str, text: &str, expected: &[&str]) {
    let facts = facts(date, text);
    let mut found: Vec<(Span, String)> = Vec::new();
    for actor in &facts.actors {
        for mention in actor.mentions.iter().filter(|mention| mention.rule == "office") {
            let id = actor.id.trim_start_matches("person:");
            found.push((mention.span, format!("{id}={}", mention.span.of(text))));
        }
    }
    found.sort();
    let found: Vec<String> = found.into_iter().map(|(_, one)| one).collect();
    assert_eq!(found, expected, "{date}: {text}");
}

#[test]
fn an_office_is_led_back_on_the_articles_date() {
    let day = "2004-06-01";
    check(day, "The US president flew to Oslo.", &["joan-abbot=US president"]);
    check(day, "Talks with the Russian president failed.", &["olga-perova=Russian president"]);
    check(day, "America's top diplomat was late.", &["carl-dexter=America's top diplomat"]);
    check(day, "The president of Russia was late.", &["olga-perova=president of Russia"]);
    check(day, "“Enough,” wrote the President of the United States.", &["joan-abbot=President of the United States"]);
    check(day, "The UN chief was late.", &["rosa-quint=UN chief"]);
    check(day, "He wrote to the UN secretary-general.", &["rosa-quint=UN secretary-general"]);
    check(
        day,
        "He wrote to the secretary general of the United Nations.",
        &["rosa-quint=secretary general of the United Nations"],
    );
    check(day, "The Kremlin spokesman was late.", &["pyotr-sedov=Kremlin spokesman"]);
    check(day, "China's Foreign Ministry spokeswoman was late.", &["mo-qing=China's Foreign Ministry spokeswoman"]);
    check(day, "The US ambassador to Norway was late.", &["nils-dexter=US ambassador to Norway"]);
    check(day, "Crowds saw the pope in Lisbon.", &["leo-tarn=pope"]);
    check(day, "Norwegian Prime Minister flies to Riga", &["ada-lund=Norwegian Prime Minister"]);
    check("2006-06-01", "The Norwegian prime minister was late.", &["bo-berg=Norwegian prime minister"]);
    check("2004", "The Norwegian prime minister was late.", &["ada-lund=Norwegian prime minister"]);
    // Nobody can tell: no date, a year with two holders, the day of the hand-over, no term at all.
    check("", "The US president flew to Oslo.", &[]);
    check("2005", "The Norwegian prime minister was late.", &[]);
    check("2005-10-17", "The Norwegian prime minister was late.", &[]);
    check("1990-01-01", "The US president flew to Oslo.", &[]);
    check(day, "A China expert and the Chinese foreign ministry spokesperson came.", &[]);
    // Unless the article names one of them.
    check(
        "2005-10-17",
        "The Norwegian prime minister was late. Bo Berg came by train.",
        &["bo-berg=Norwegian prime minister"],
    );
}

#[test]
fn what_is_no_present_office_stays_open() {
    let day = "2004-06-01";
    let check = |text: &str| check(day, text, &[]);
    check("The former US president flew to Oslo.");
    check("The ex-US president flew to Oslo.");
    check("The late Russian president loved dogs.");
    check("The then US president flew to Oslo.");
    check("The next US president will fly to Oslo.");
    check("The deputy Norwegian prime minister flew home.");
    check("The acting Norwegian prime minister flew home.");
    check("The US vice president flew to Oslo.");
    check("A US president would not fly to Oslo.");
    check("US presidents fly to Oslo.");
    check("No US president ever flew to Oslo.");
    check("The US president-elect flew to Oslo.");
    check("The US president's spokesman flew to Oslo.");
    check("The Norwegian prime minister's office stayed silent.");
    check("The US president at the time flew to Oslo.");
    check("The US president in 1987 flew to Oslo.");
    check("He was elected president of Russia.");
    check("She became the US president late in life.");
    check("The UN chief negotiator flew to Oslo.");
    check("The president of Russia's largest bank flew to Oslo.");
    check("US President Joan Abbot flew to Oslo.");
    check("The US president, Joan Abbot, flew to Oslo.");
    check("Joan Abbot, the US president, flew to Oslo.");
}

#[test]
fn offices_speak() {
    let check = |date: &str, text: &str, expected: &[&str]| {
        let facts = facts(date, text);
        let found: Vec<String> = facts.quotes.iter().map(|quote| quote.speakers.join("+")).collect();
        assert_eq!(found, expected, "{text}");
    };
    let day = "2004-06-01";
    check(day, "The US president said the talks would go on.", &["person:joan-abbot"]);
    check(day, "“We will wait and see,” said the Kremlin spokesman.", &["person:pyotr-sedov"]);
    check(day, "The president of Russia told reporters: “We will wait and see.”", &["person:olga-perova"]);
    check(day, "The former US president said the talks would go on.", &[""]);
    check("", "The US president said the talks would go on.", &[""]);
    // What the article itself says of somebody comes first.
    check(
        day,
        "Norwegian Foreign Minister Eva Moe came by train. The Norwegian foreign minister said the talks would go on.",
        &["person:eva-moe"],
    );
    check(
        day,
        "Assistant Secretary of State for East Asian and Pacific Affairs Eva Moe said the talks would go on. \
         Carl Dexter, the US secretary of state, listened.",
        &["person:eva-moe"],
    );
}

#[test]
fn a_title_and_a_family_name_are_a_person() {
    let check = |date: &str, text: &str, expected: &str| {
        let facts = facts(date, text);
        let person = facts.actors.iter().find(|actor| actor.kind == crate::facts::ActorKind::Person);
        let found = person.map(|one| format!("{} {}", one.id, one.country.as_deref().unwrap_or("-")));
        assert_eq!(found.as_deref().unwrap_or_default(), expected, "{date}: {text}");
    };
    let day = "2004-06-01";
    check(day, "Chinese President Tan flew to Oslo.", "person:tan-weilin CN");
    check(day, "In China, President Tan met his staff.", "person:tan-weilin CN");
    check(day, "Prime Minister Lund left Norway by train.", "person:ada-lund NO");
    check(day, "US Secretary of State Dexter flew to Oslo.", "person:carl-dexter US");
    check(day, "The US sent Secretary Dexter to Oslo.", "person:carl-dexter US");
    check("1994-06-01", "US Secretary of State Dexter flew to Oslo.", "person:nils-dexter US");
    check("2008-06-01", "Former Norwegian Prime Minister Lund flew to Riga.", "person:ada-lund NO");
    // Another time, another office, another country: somebody else.
    check("2008-06-01", "Norwegian Prime Minister Lund flew to Riga.", "person:lund NO");
    check(day, "Norwegian Foreign Minister Lund flew to Riga.", "person:lund NO");
    check(day, "Russian President Tan flew to Riga.", "person:tan RU");
    check(day, "President Tan of the chess club flew to Riga.", "person:tan -");
    check("", "Chinese President Tan flew to Oslo.", "person:tan CN");
    // The article's own full name comes first.
    check(day, "Eva Lund sang. Norwegian Prime Minister Lund listened.", "person:eva-lund NO");
}

#[test]
fn a_pattern_and_a_country_make_a_ministry() {
    let check = |text: &str, expected: &[&str]| {
        let facts = facts("", text);
        let bodies = facts.actors.iter().filter(|actor| actor.id.starts_with("org:"));
        let found: Vec<String> =
            bodies.map(|actor| format!("{} {}", actor.id, actor.parent.as_deref().unwrap_or("-"))).collect();
        assert_eq!(found, expected, "{text}");
    };
    let norway = &["org:no.foreign-ministry gov:NO"];
    check("The Norwegian Foreign Ministry stayed silent.", norway);
    check("The Norwegian foreign ministry stayed silent.", norway);
    check("Norway's foreign ministry stayed silent.", norway);
    check("The Norwegian Ministry of Foreign Affairs stayed silent.", norway);
    check("The Ministry of Foreign Affairs of Norway stayed silent.", norway);
    check("Norway's king flew home. The Ministry of Foreign Affairs stayed silent.", norway);
    check("Norway's king flew home. He wrote to the foreign ministry.", norway);
    check("The Ministry of Foreign Affairs stayed silent.", &["org:foreign-ministry -"]);
    check("He wrote to the foreign ministry.", &[]);
    check("Danish police and the Danish army searched the harbour.", &["org:dk.police gov:DK", "org:dk.army gov:DK"]);
    check("The Danish parliament rose.", &["org:dk.folketing gov:DK"]);
    check("Danish military-style boots sold well.", &[]);
    // The tables have it under an id of their own.
    check(
        "The foreign ministry of Russia stayed silent. So did Russia's Foreign Affairs Ministry.",
        &["org:ru.mfa gov:RU"],
    );
}
