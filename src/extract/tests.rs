//! Tests of the whole room: a case is a line, every sentence is our own.

use proptest::prelude::*;

use super::*;
use crate::article::{ArticleId, Origin};
use crate::facts::QuoteKind;

fn article(text: &str) -> Article {
    Article {
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
    }
}

fn facts(text: &str) -> Facts {
    extract(&article(text), Tables::builtin(), &Options { beliefs: false })
}

/// Quotes as `kind speakers: words`.
fn said(text: &str) -> Vec<String> {
    let facts = facts(text);
    facts.quotes.iter().map(|q| format!("{} {}: {}", q.kind.name(), q.speakers.join("+"), q.words(text))).collect()
}

fn check_said(text: &str, expected: &[&str]) {
    assert_eq!(said(text), expected, "{text}");
}

/// Ids of all actors, in order of first mention.
fn check_actors(text: &str, expected: &[&str]) {
    let facts = facts(text);
    let found: Vec<&str> = facts.actors.iter().map(|actor| actor.id.as_str()).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn marked_words_find_their_speaker() {
    let check = check_said;
    check(
        "“The harbour will stay open,” said Governor Anna Ruiz.",
        &["direct person:anna-ruiz: The harbour will stay open,"],
    );
    check(
        "“The harbour will stay open,” Governor Anna Ruiz said on Monday.",
        &["direct person:anna-ruiz: The harbour will stay open,"],
    );
    check(
        "Anna Ruiz told reporters: “The harbour will stay open.”",
        &["direct person:anna-ruiz: The harbour will stay open."],
    );
    check(
        "\"We are not afraid,\" said Paul Weber, the mayor of Bonn.",
        &["direct person:paul-weber: We are not afraid,"],
    );
    check(
        "''We are not afraid,'' Paul Weber, 61, a retired pilot, said.",
        &["direct person:paul-weber: We are not afraid,"],
    );
    check(
        "“We waited all night,” Anna Ruiz said, “and nobody came.”",
        &["direct person:anna-ruiz: We waited all night, … and nobody came."],
    );
    check("“Is anybody still listening?” asked Anna Ruiz.", &["direct person:anna-ruiz: Is anybody still listening?"]);
    check("Said Anna Ruiz: “Nobody has asked us at all.”", &["direct person:anna-ruiz: Nobody has asked us at all."]);
    check("“They lied to all of us.” — Anna Ruiz", &["direct person:anna-ruiz: They lied to all of us."]);
}

#[test]
fn a_speaker_goes_on() {
    check_said(
        "“We waited all night,” Anna Ruiz said. “Nobody came to help us.”",
        &["direct person:anna-ruiz: We waited all night, … Nobody came to help us."],
    );
    check_said(
        "Anna Ruiz said the road was closed. “Nobody came to help us.”",
        &["indirect person:anna-ruiz: the road was closed", "direct person:anna-ruiz: Nobody came to help us."],
    );
    check_said(
        "“We waited the whole long night, Anna Ruiz said.\n\n“And nobody came to help us,” she added.",
        &said("“We waited the whole long night, Anna Ruiz said.\n\n“And nobody came to help us,” she added.")
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn indirect_words_have_bounds() {
    let check = check_said;
    check("Norway said that the talks had failed.", &["indirect state:NO: the talks had failed"]);
    check("Norway on Friday said the talks had failed.", &["indirect state:NO: the talks had failed"]);
    check("The talks had failed again, Norway said on Friday.", &["indirect state:NO: The talks had failed again"]);
    check("According to Norway, the talks had failed.", &["indirect state:NO: the talks had failed"]);
    check("The talks had failed, according to Norway.", &["indirect state:NO: The talks had failed"]);
    check("Norway said the talks had “failed for good”.", &["mixed state:NO: the talks had “failed for good”"]);
    check(
        "Norway said that it would not enter the Israel–Syria conflict within 2–3 weeks.",
        &["indirect state:NO: it would not enter the Israel–Syria conflict within 2–3 weeks"],
    );
    check("Norway condemned the raid in a statement on Friday.", &["indirect state:NO: the raid"]);
    check("Norway criticised the plan, which had failed twice.", &["indirect state:NO: the plan"]);
    check("Norway urged Denmark to reopen the strait.", &["indirect state:NO: Denmark to reopen the strait"]);
    check(
        "Norway said the talks had failed, adding that it would not return.",
        &["indirect state:NO: the talks had failed", "indirect state:NO: it would not return"],
    );
}

#[test]
fn what_is_not_said_is_not_reported() {
    let check = |text: &str| check_said(text, &[]);
    check("Norway declined to say whether the talks had failed.");
    check("Norway did not say that the talks had failed.");
    check("He has read the book “A Short History of Salt”.");
    check("The so-called “ghost fleet” sailed on.");
    check("The ministers' aides met at eight o'clock.");
    check("Norway said it over and over.");
    check("Everyone obeyed a set of new rules that could close the mines.");
    check("The Jersey state senate met in Norway.");
}

#[test]
fn several_speak_as_one() {
    let check = check_said;
    check("Norway and Denmark said the talks had failed.", &["indirect state:NO+state:DK: the talks had failed"]);
    check(
        "Norway and Denmark met in Riga. The two countries said that the talks had failed.",
        &["indirect state:NO+state:DK: the talks had failed"],
    );
    check(
        "Following talks between Weber and Ruiz, Norway and Denmark said the strait was open.",
        &["indirect state:NO+state:DK: the strait was open"],
    );
}

#[test]
fn pronouns_and_roles_are_led_back() {
    let check = |text: &str, expected: &str| {
        let facts = facts(text);
        let last = facts.quotes.last().map(|quote| quote.speakers.join("+"));
        assert_eq!(last.as_deref(), Some(expected), "{text}");
    };
    check("Paul Weber met Anna Ruiz. “We are done here now,” he said.", "person:paul-weber");
    check("Paul Weber met Anna Ruiz. “We are done here now,” she said.", "person:anna-ruiz");
    check("Foreign Minister Paul Weber left. The minister said the strait was open.", "person:paul-weber");
    check("NATO met on Monday. The alliance said the strait was open.", "igo:nato");
    check("The Norwegian side said that the strait was open.", "state:NO");
    check("Officials said the strait was open.", "");
    check("A spokesman for Ruiz said the strait was open.", "");
}

#[test]
fn names_meet_their_actor() {
    let check = check_actors;
    check("President Xi Jinping left. Jinping waved.", &["person:xi-jinping"]);
    check("Anna Ruiz spoke. Ms. Ruiz left.", &["person:anna-ruiz"]);
    check("The Northern Fishing Council (NFC) met. The NFC voted.", &["org:northern-fishing-council"]);
    check("Beijing warned Moscow.", &["gov:CN", "gov:RU"]);
    check("She lives in Beijing.", &["place:beijing"]);
    check("The U.S. and the US agree with us.", &["state:US"]);
    check("Jordan Ellis spoke in Jordan.", &["person:jordan-ellis", "state:JO"]);
    check("The talks were held in Dayton, Ohio.", &["place:dayton", "region:ohio"]);
    check("NORWAY AND DENMARK TOLD US NOTHING", &["state:NO", "state:DK"]);
    check("They met President Hassan al-Tamimi.", &["person:hassan-al-tamimi"]);
    check("The Kurdistan Workers' Party met.", &["group:pkk"]);
    check("Brazil waited. Then the Supreme Federal Court ruled.", &["state:BR", "court:br-stf"]);
    check("Long after that the Supreme Court of nobody ruled.", &["org:supreme-court"]);
    check("The Norwegian Foreign Ministry met.", &["org:no.foreign-ministry", "state:NO"]);
    check("The North Atlantic Treaty Organization’s (NATO) fleet sailed.", &["igo:nato"]);
}

#[test]
fn a_capital_is_a_government_or_a_place() {
    let check = |text: &str, expected: &[&str]| check_actors(text, expected);
    check("They flew to Riga.", &["place:riga"]);
    check("A raid on Riga killed two.", &["place:riga"]);
    check("Riga Airport is closed. Later a Riga court met.", &["place:riga-airport", "place:riga"]);
    check("Talks between Riga and Oslo failed.", &["gov:LV", "gov:NO"]);
    check("Riga warned Oslo.", &["gov:LV", "gov:NO"]);
    check("They met in Tukums, Riga, in May.", &["place:tukums", "place:riga"]);
}

#[test]
fn an_office_beside_a_name_is_its_holders() {
    let facts = facts("Norwegian Foreign Minister Jane Doe left. The poet John Roe stayed.");
    let mentions = facts.actors.iter().flat_map(|actor| actor.mentions.iter().map(move |one| (actor, one)));
    let titles: Vec<&str> = mentions.filter(|(_, one)| one.form == Form::Title).map(|(actor, _)| &*actor.id).collect();
    assert_eq!(titles, ["person:jane-doe"]);
}

#[test]
fn countries_are_those_the_article_is_about() {
    let check = |text: &str, expected: &[&str]| assert_eq!(facts(text).countries, expected, "{text}");
    check("Norway closed the strait. Norway said it was unsafe. Oslo gave no reason.", &["NO"]);
    check("Nothing happened at all.", &[]);
}

#[test]
fn what_is_believed_is_told_on_request() {
    let text = "Norway believes that the talks have failed.";
    assert!(facts(text).quotes.is_empty());
    let facts = extract(&article(text), Tables::builtin(), &Options { beliefs: true });
    assert_eq!(facts.quotes.len(), 1);
    assert_eq!(facts.quotes[0].kind, QuoteKind::Indirect);
}

fn spans_are_sound(text: &str) {
    let facts = facts(text);
    let sound = |span: crate::text::Span| {
        assert!(text.get(span.range()).is_some_and(|t| !t.is_empty()), "{span:?} in {text:?}")
    };
    for actor in &facts.actors {
        assert!(!actor.mentions.is_empty());
        actor.mentions.iter().for_each(|mention| sound(mention.span));
    }
    for quote in &facts.quotes {
        assert!(!quote.parts.is_empty());
        quote.parts.iter().copied().chain(quote.cue).chain(quote.source).for_each(sound);
        assert!(quote.speakers.iter().all(|id| facts.actor(id).is_some()), "{text:?}");
    }
}

#[test]
fn repetition_stays_cheap() {
    for piece in
        ["“", "\"", "'", "(", ")", "A ", "Anna ", "said ", ", ", "“a” ", "X (XY) ", "Norway and ", "— ", "U.S. ", "é"]
    {
        spans_are_sound(&piece.repeat(20_000));
    }
}

proptest! {
    #[test]
    fn any_text_gives_sound_spans(text in "\\PC{0,200}") {
        spans_are_sound(&text);
    }

    #[test]
    fn any_pile_of_marks_and_names_gives_sound_spans(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "“", "”", "\"", "''", "'", "’", "‘", "«", "»", "„", "(", ")", ",", ".", ":", ";", "—", "-", "\n\n", " ", " ", " ",
                "said", "saying", "told", "according to", "that", "Anna", "Ruiz", "Mr.", "President", "Norway", "US", "Beijing",
                "he", "they", "and", "of", "the", "minister", "who", "É", "中", "NATO", "Party", "in", "to", "not", "1914",
            ]),
            0..80,
        )
    ) {
        spans_are_sound(&pieces.concat());
        spans_are_sound(&pieces.join(" "));
    }
}
