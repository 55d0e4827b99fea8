//! Which countries an article is about: not every one it names.
//!
//! What tells is where a country is named: in the dateline, the title, the first paragraph, and how often after that.
//! Its towns and adjectives deep in the text say less than its name, and U.S. dollars say nothing. A country needs more
//! where the article is set in another one: by its dateline, or, without one, by its title and lede. In an article that
//! is hardly more than a list of countries, all of them count.

use rustc_hash::FxHashMap;

use crate::extract::contexts::List;
use crate::extract::doc::Doc;
use crate::extract::tables::Tables;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;
use crate::facts::{ALTERNATIVE, Actor, ActorKind, Form, Mention};
use crate::text::Span;

/// Bytes of the first paragraph that count as the lede.
const LEDE: u32 = 600;

/// Tokens within which the dash of a dateline stands.
const DATELINE: usize = 14;

/// Countries between which an article is a list of them, and the bytes it then has for each.
const LIST: std::ops::RangeInclusive<usize> = 5..=15;
const LIST_BYTES: usize = 100;

/// Mentions below which a share of them says little.
const FEW: u32 = 3;

/// Weights of the places where a country is named, fitted to news that editors have marked with their countries.
mod weight {
    pub const DATELINE: f32 = 2.7;
    pub const TITLE: f32 = 1.3;
    pub const LEDE: f32 = 1.2;
    pub const LATER: f32 = 1.05;
    pub const ADJECTIVE: f32 = 0.65;
    pub const TOWN: f32 = 0.15;
    pub const BODY: f32 = 0.35;
    pub const PERSON: f32 = 0.2;
    /// Mentions as a share of those of the country that is named most.
    pub const SHARE: f32 = 1.1;
    pub const LIST: f32 = 1.55;
    /// What every country needs, and what it needs besides where the article is set in another one.
    pub const ENOUGH: f32 = 0.3;
    pub const ABROAD: f32 = 1.75;
}

/// Where and how often a country is named.
#[derive(Debug, Default)]
struct Trace {
    dateline: bool,
    title: bool,
    lede: bool,
    later: u32,
    adjectives: u32,
    towns: u32,
    early_bodies: bool,
    bodies: u32,
    early_persons: bool,
    persons: u32,
    all: u32,
}

impl Trace {
    /// Whether it is named itself, outside the dateline.
    fn is_named(&self) -> bool {
        self.lede || self.later + self.adjectives + self.towns > 0
    }

    fn weight(&self) -> f32 {
        let grows = |count: u32| (1.0 + count as f32).log2();
        let once = |there: bool, weight: f32| if there { weight } else { 0.0 };
        once(self.dateline, weight::DATELINE)
            + once(self.title, weight::TITLE)
            + once(self.lede, weight::LEDE)
            + weight::LATER * grows(self.later)
            + weight::ADJECTIVE * grows(self.adjectives)
            + weight::TOWN * grows(self.towns)
            + once(self.early_bodies, weight::BODY)
            + weight::BODY * grows(self.bodies)
            + once(self.early_persons, weight::PERSON)
            + weight::PERSON * grows(self.persons)
    }
}

/// Codes of the countries the article is about, most salient first.
pub fn countries(doc: &Doc, title: &str, actors: &[Actor], tables: &Tables) -> Vec<String> {
    let traces = trace(doc, title, actors, tables);
    let Some(most) = traces.values().map(|trace| trace.all).max() else { return marked(doc, tables) };
    let listed = LIST.contains(&traces.len()) && doc.text.len() / traces.len() < LIST_BYTES;
    // What the article is set in: its dateline, else its title and lede.
    let dated = traces.values().any(|trace| trace.dateline);
    let is_home = |trace: &Trace| trace.dateline || (!dated && (trace.title || trace.lede));
    let homes = traces.values().filter(|trace| is_home(trace)).count();
    let mut list: Vec<(&str, f32)> = Vec::with_capacity(traces.len());
    for (code, trace) in &traces {
        let share = weight::SHARE * trace.all as f32 / most.max(FEW) as f32;
        let list_bonus = if listed && trace.is_named() { weight::LIST } else { 0.0 };
        let abroad =
            if !dated && is_home(trace) || homes == usize::from(is_home(trace)) { 0.0 } else { weight::ABROAD };
        list.push((code, trace.weight() + share + list_bonus - abroad - weight::ENOUGH));
    }
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let kept = list.iter().take_while(|(_, weight)| *weight > 0.0).count().max(1);
    list.truncate(kept);
    list.into_iter().map(|(code, _)| code.to_owned()).collect()
}

/// Where the parts of an article end, in bytes.
struct Parts {
    title: u32,
    dateline: u32,
    lede: u32,
}

fn parts(doc: &Doc) -> Parts {
    let titled = doc.paragraphs.len() > 1 && (doc.paragraphs[0].heading || doc.paragraphs[0].upper);
    let Some(body) = doc.paragraphs.get(usize::from(titled)) else { return Parts { title: 0, dateline: 0, lede: 0 } };
    let span = doc.span(body.tokens.clone());
    let dash = body.tokens.clone().take(DATELINE).find(|&at| matches!(doc.str(at), "-" | "--" | "–" | "—"));
    let dash = dash.filter(|&at| {
        doc.tokens[at].is(shape::SPACED)
            && doc.tokens[body.tokens.start..at].iter().filter(|token| token.is_lower()).count() <= 1
    });
    Parts {
        title: if titled { span.start } else { 0 },
        dateline: dash.map_or(span.start, |at| doc.tokens[at].start),
        lede: span.end.min(span.start + LEDE),
    }
}

/// Follows every country through the article.
fn trace<'a>(doc: &Doc, title: &str, actors: &'a [Actor], tables: &Tables) -> FxHashMap<&'a str, Trace> {
    let parts = parts(doc);
    let mut traces: FxHashMap<&str, Trace> = FxHashMap::default();
    let mut mentions: Vec<(Span, &str, &Actor, &Mention)> = Vec::new();
    // A title apart from the text is a title all the same.
    let apart = !title.is_empty() && !doc.text.starts_with(title);
    for actor in actors.iter().filter(|actor| actor.kind != ActorKind::Media) {
        let Some(country) = actor.country.as_deref() else { continue };
        let named = actor.mentions.iter().filter(|mention| names(mention));
        mentions.extend(named.map(|mention| (mention.span, country, actor, mention)));
        if apart && is_geographic(actor.kind) && title.contains(&actor.name) {
            traces.entry(country).or_default().title = true;
        }
    }
    mentions.sort_by_key(|(span, ..)| (span.start, span.end));
    let mut before: Option<(Span, &str)> = None;
    for (span, country, actor, mention) in mentions {
        // `the U.S. Embassy` names its country.
        let geographic = is_geographic(actor.kind) && (mention.rule == "org-country" || !actor.id.starts_with("org:"));
        if !geographic {
            count_body(traces.entry(country).or_default(), span, actor.kind, &parts);
            before = None;
            continue;
        }
        // `Lugano, Switzerland` is one place.
        let joined = before.is_some_and(|(other, code)| code == country && span.start.saturating_sub(other.end) <= 2);
        before = Some((span, country));
        if !(joined || is_unit(doc, span, country, tables) || span.start < parts.title && is_company(doc, span, tables))
        {
            count_place(traces.entry(country).or_default(), span, (actor.kind, mention.form), &parts);
        }
    }
    traces
}

fn count_place(trace: &mut Trace, span: Span, how: (ActorKind, Form), parts: &Parts) {
    trace.all += 1;
    match how {
        _ if span.start < parts.title => trace.title = true,
        _ if span.start < parts.dateline => trace.dateline = true,
        _ if span.start < parts.lede => trace.lede = true,
        (ActorKind::Place, _) => trace.towns += 1,
        (_, Form::Demonym) => trace.adjectives += 1,
        _ => trace.later += 1,
    }
}

fn count_body(trace: &mut Trace, span: Span, kind: ActorKind, parts: &Parts) {
    trace.all += 1;
    let early = span.start < parts.lede;
    match kind {
        ActorKind::Person if early => trace.early_persons = true,
        ActorKind::Person => trace.persons += 1,
        // Companies trade everywhere.
        ActorKind::Company | ActorKind::Party | ActorKind::Ngo => {}
        _ if early => trace.early_bodies = true,
        _ => trace.bodies += 1,
    }
}

/// Whether a mention is a name of its actor, not a word that only leads back to it or may mean another.
fn names(mention: &Mention) -> bool {
    !matches!(mention.form, Form::Pronoun | Form::Nominal | Form::Title) && mention.rule != ALTERNATIVE
}

fn is_geographic(kind: ActorKind) -> bool {
    matches!(kind, ActorKind::State | ActorKind::Government | ActorKind::Place | ActorKind::Region)
}

/// The token behind a span.
fn behind(doc: &Doc, span: Span) -> usize {
    doc.tokens.partition_point(|token| token.start < span.end)
}

/// Whether the country is only the unit of a price: the whole world counts in U.S. dollars.
fn is_unit(doc: &Doc, span: Span, country: &str, tables: &Tables) -> bool {
    country == "US" && stands(doc, behind(doc, span), List::Money, tables)
}

fn stands(doc: &Doc, at: usize, list: List, tables: &Tables) -> bool {
    doc.tokens.get(at).is_some_and(|token| tables.contexts.has(list, token.key))
}

/// Whether a name in a headline is part of a company's: `SYDNEY DEVELOPMENT CORP`.
fn is_company(doc: &Doc, span: Span, tables: &Tables) -> bool {
    let next = behind(doc, span);
    let sentence = doc.sentence(next.saturating_sub(1)).end;
    (next..sentence.min(next + 3)).any(|at| stands(doc, at, List::Company, tables))
}

/// The country that units of money and of trade speak for, when no name does.
fn marked(doc: &Doc, tables: &Tables) -> Vec<String> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for token in doc.tokens.iter().filter(|token| token.any(class::MARKER)).take(200) {
        if let Some(country) = tables.markers.get(&token.word) {
            *counts.entry(country).or_default() += 1;
        }
    }
    let best = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    best.map(|(code, _)| code.to_owned()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::cast::Cast;
    use crate::extract::finder;
    use crate::text::Span;

    fn about(title: &str, text: &str) -> Vec<String> {
        let tables = Tables::builtin();
        let doc = Doc::new(text, tables);
        let mut cast = Cast::default();
        let names = finder::find(&doc, tables, None, &mut cast);
        let mention = |name: &crate::extract::name::Name| {
            let span: Span = doc.span(name.tokens.clone());
            (name.actor, Mention { span, form: name.form, confidence: name.confidence, rule: name.rule.into() })
        };
        let mentions = names.list.iter().chain(&names.alternatives).map(mention).collect();
        countries(&doc, title, &cast.finish(mentions), tables)
    }

    #[test]
    fn an_article_is_about_the_countries_it_puts_forward() {
        let check = |text: &str, expected: &[&str]| assert_eq!(about("", text), expected, "{text}");
        // The dateline speaks, and a country named once far below does not.
        let far = "The ministry gave no figures. ".repeat(30);
        check(&format!("OSLO, March 3 - The harbour was closed on Monday.\n\n{far}A ship from Chile waited."), &["NO"]);
        check("TALKS ON FISH IN DENMARK\n\nOSLO, March 3 - Norway met Denmark.", &["NO", "DK"]);
        // A town and its country are one place.
        check("OSLO, March 3 - A firm grew.\n\nIt sold a mill to a firm from Lyon, France, and a boat.", &["NO"]);
        // Letters of a share, and a company in a headline.
        check("<SYDNEY PAPER CORP> YEAR LOSS\n\nTORONTO, March 3 - The loss grew.", &["CA"]);
        check("UNION PAPER <UK> GROWS\n\nBOSTON, March 3 - The firm grew.", &["US"]);
        // Everybody counts in U.S. dollars.
        check("OSLO, March 3 - Norway paid ten U.S. dollars.", &["NO"]);
        // An article that is a list is about all it lists.
        check(
            "OSLO, March 3 - Norway sold fish to Chile, Peru, Spain, Italy and Ghana.",
            &["NO", "CL", "ES", "GH", "IT", "PE"],
        );
        check("The price rose to ten dlrs.", &["US"]);
        check("Nobody came.", &[]);
    }

    #[test]
    fn a_title_apart_from_the_text_counts() {
        let far = "The ministry gave no figures. ".repeat(60);
        let text = format!("Norway met Denmark in Oslo. {far}\n\nNorway left. Norway sent a boat to Chad.");
        assert_eq!(about("Fish", &text), ["NO", "DK"]);
        assert_eq!(about("Chad sends nobody", &text), ["NO", "TD", "DK"]);
    }
}
