//! What extraction finds in an article: actors with their mentions, and quotes with their speakers.
//!
//! Every finding carries a [`Span`] into the article's text, the name of the rule that made it, and a confidence
//! between 0 and 1, so that a user can see why it is there. A speaker that was not resolved stays unresolved: the
//! list of speakers is empty, never filled with a guess.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::Span;

/// What sort of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// A human being.
    Person,
    /// A state under its own name.
    State,
    /// A government, or a capital or seat that acts for it; also parliaments.
    Government,
    /// A ministry, agency, armed force or intelligence service of a state.
    Ministry,
    /// An intergovernmental organisation or alliance.
    Igo,
    /// An armed group.
    ArmedGroup,
    /// A political party.
    Party,
    /// A court or tribunal.
    Court,
    /// A company.
    Company,
    /// A newspaper, broadcaster or news agency.
    Media,
    /// A non-governmental organisation or think tank.
    Ngo,
    /// A city or a building.
    Place,
    /// A region, sea or part of the world.
    Region,
    /// An organisation known by its shape only.
    Unknown,
}

impl ActorKind {
    /// Every kind, in the order of listings.
    pub const ALL: [Self; 14] = [
        Self::Person,
        Self::State,
        Self::Government,
        Self::Ministry,
        Self::Igo,
        Self::ArmedGroup,
        Self::Party,
        Self::Court,
        Self::Company,
        Self::Media,
        Self::Ngo,
        Self::Place,
        Self::Region,
        Self::Unknown,
    ];

    /// The word used in every output format and table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::State => "state",
            Self::Government => "government",
            Self::Ministry => "ministry",
            Self::Igo => "igo",
            Self::ArmedGroup => "armed-group",
            Self::Party => "party",
            Self::Court => "court",
            Self::Company => "company",
            Self::Media => "media",
            Self::Ngo => "ngo",
            Self::Place => "place",
            Self::Region => "region",
            Self::Unknown => "unknown",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is a body of people: what `org:` asks for.
    pub fn is_organisation(self) -> bool {
        !matches!(self, Self::Person | Self::State | Self::Place | Self::Region)
    }
}

/// How an actor is named at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// By its name or part of it.
    Name,
    /// By its letters (NATO).
    Acronym,
    /// By the word for its people (Russian).
    Demonym,
    /// By its seat (the Kremlin).
    Metonym,
    /// By an office (the US president).
    Title,
    /// By a pronoun.
    Pronoun,
    /// By a common noun (the alliance, both sides).
    Nominal,
}

impl Form {
    /// Every form, in the order of listings.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Acronym, Self::Demonym, Self::Metonym, Self::Title, Self::Pronoun, Self::Nominal];

    /// The word used in every output format and table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Acronym => "acronym",
            Self::Demonym => "demonym",
            Self::Metonym => "metonym",
            Self::Title => "title",
            Self::Pronoun => "pronoun",
            Self::Nominal => "nominal",
        }
    }
}

/// An actor as the tables know it, with where each piece of knowledge stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TableActor {
    /// Its id.
    pub id: String,
    /// What sort of actor.
    pub kind: ActorKind,
    /// The name to show.
    pub name: String,
    /// The code of the country it belongs to.
    pub country: Option<String>,
    /// The id of the actor it is part of.
    pub parent: Option<String>,
    /// `m` or `f`, for a person where it is known.
    pub gender: Option<&'static str>,
    /// Whether the family name stands first.
    pub family_first: bool,
    /// Every name it is found by, its own first.
    pub names: Vec<TableName>,
    /// Where it stands: [`BUILT_IN`], or file and line of a user's table.
    pub origin: String,
    /// What a user's table changed: the field, or the name taken away, with file and line.
    pub changes: Vec<(String, String)>,
    /// In how many articles of an index it is found; `None` without an index.
    pub articles: Option<u64>,
}

/// The origin of what no user's table says.
pub const BUILT_IN: &str = "built in";

/// A name in the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The name.
    pub text: String,
    /// How it names the actor.
    pub form: Form,
    /// Whether it counts only with evidence.
    pub ambiguous: bool,
    /// Where it stands: [`BUILT_IN`], or file and line of a user's table.
    pub origin: String,
}

/// The name of the rule that made a finding.
pub type Rule = Cow<'static, str>;

/// One place in the text where an actor is named.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// How.
    pub form: Form,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Which rule found it.
    pub rule: Rule,
}

/// One actor of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// Readable and stable: `state:CN`, `gov:CN`, `igo:nato`, `person:xi-jinping`.
    pub id: String,
    /// What sort of actor.
    pub kind: ActorKind,
    /// The name to show.
    pub name: String,
    /// Other names it is known by, for search; not the ones in this article only.
    pub aliases: Arc<Vec<String>>,
    /// ISO 3166-1 alpha-2 code (or our own code of a former state) it belongs to.
    pub country: Option<String>,
    /// The id of the actor it is part of.
    pub parent: Option<String>,
    /// Offices and roles the article gives it, in its words.
    pub roles: Vec<String>,
    /// Where it is named, in the order of the text; never empty.
    pub mentions: Vec<Mention>,
}

/// How words are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuoteKind {
    /// Word for word, in quotation marks.
    Direct,
    /// Partly in quotation marks.
    Mixed,
    /// In the reporter's words.
    Indirect,
}

impl QuoteKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Mixed, Self::Indirect];

    /// The word used in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Mixed => "mixed",
            Self::Indirect => "indirect",
        }
    }
}

/// Something somebody said.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The words, without their quotation marks; several parts when the report interrupts them. Never empty.
    pub parts: Vec<Span>,
    /// How they are rendered.
    pub kind: QuoteKind,
    /// The word that reports them (`said`), if there is one.
    pub cue: Option<Span>,
    /// Where the speaker is named, if anywhere.
    pub source: Option<Span>,
    /// The ids of those who speak; empty when unresolved.
    pub speakers: Vec<String>,
    /// The id of the one spoken to, if told.
    pub addressee: Option<String>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Which rule found it.
    pub rule: Rule,
}

impl Quote {
    /// The span from its first part to its last.
    pub fn extent(&self) -> Span {
        let start = self.parts.iter().map(|part| part.start).min().unwrap_or(0);
        let end = self.parts.iter().map(|part| part.end).max().unwrap_or(start);
        Span { start, end }
    }

    /// The words it quotes, parts joined by ` … `, white space as in the text.
    pub fn words(&self, text: &str) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.of(text)).collect();
        parts.join(" … ")
    }
}

/// All that extraction found in one article.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Who is in it, in the order of first mention.
    pub actors: Vec<Actor>,
    /// Who said what, in the order of the text.
    pub quotes: Vec<Quote>,
    /// Codes of the countries it is about, most salient first.
    pub countries: Vec<String>,
    /// ISO 639-1 code of its language: the source's, else detected; `None` when in doubt.
    pub language: Option<String>,
}

impl Facts {
    /// A short hash of all that is found, names of the tables included: findings with one seal are the same.
    pub fn seal(&self) -> u64 {
        let mut seal = Seal(Vec::with_capacity(SEALED_BYTES));
        seal.number(self.actors.len() as u64);
        for actor in &self.actors {
            seal.all([&actor.id, actor.kind.name(), &actor.name]);
            seal.all([&actor.country, &actor.parent].map(|part| part.as_deref().unwrap_or_default()));
            seal.all(actor.aliases.iter().map(String::as_str));
            seal.all(actor.roles.iter().map(String::as_str));
            seal.number(actor.mentions.len() as u64);
            for mention in &actor.mentions {
                seal.span(mention.span);
                seal.all([mention.form.name(), &mention.rule]);
                seal.number(u64::from(mention.confidence.to_bits()));
            }
        }
        seal.number(self.quotes.len() as u64);
        for quote in &self.quotes {
            seal.number(quote.parts.len() as u64);
            quote.parts.iter().chain(&quote.cue).chain(&quote.source).for_each(|span| seal.span(*span));
            seal.number(u64::from(quote.cue.is_some()) << 1 | u64::from(quote.source.is_some()));
            seal.all(quote.speakers.iter().map(String::as_str));
            seal.all([quote.kind.name(), &quote.rule, quote.addressee.as_deref().unwrap_or_default()]);
            seal.number(u64::from(quote.confidence.to_bits()));
        }
        seal.all(self.countries.iter().map(String::as_str));
        seal.all([self.language.as_deref().unwrap_or_default()]);
        let hash = blake3::hash(&seal.0);
        hash.as_bytes().iter().take(8).fold(0, |short, byte| short << 8 | u64::from(*byte))
    }

    /// How much the article is about each of its actors, between 0 and 1, in their order; the most prominent has 1.
    ///
    /// The title and the lede count, and how often an actor is named, each further time less. A mention that may mean
    /// somebody else does not count.
    pub fn saliences(&self, text: &str) -> Vec<f32> {
        let weights: Vec<f32> = self.actors.iter().map(|actor| prominence(actor, text)).collect();
        let most = weights.iter().copied().fold(0.0, f32::max);
        weights.into_iter().map(|weight| if most > 0.0 { weight / most } else { 0.0 }).collect()
    }

    /// The actor with this id.
    pub fn actor(&self, id: &str) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.id == id)
    }
}

/// Room for what is sealed of an article, most of it names of the tables.
const SEALED_BYTES: usize = 16 << 10;

/// Findings as bytes to be hashed, in which no two of them run into each other. Hashed at once they cost a third of what
/// they cost in pieces.
struct Seal(Vec<u8>);

impl Seal {
    fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn span(&mut self, span: Span) {
        self.number(u64::from(span.start) << 32 | u64::from(span.end));
    }

    fn all<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        let mut count = 0;
        for text in texts {
            self.number(text.len() as u64);
            self.0.extend_from_slice(text.as_bytes());
            count += 1;
        }
        self.number(count);
    }
}

/// Bytes within which an actor stands in the title, and within which in the lede.
const TITLE: u32 = 100;
const LEDE: u32 = 500;

/// The rule of mentions that may mean another actor.
pub const ALTERNATIVE: &str = "alternative";

/// The rule of a mention that is an office beside its holder's name: `[U.S. president] Jane Doe`.
pub const TITLE_BESIDE: &str = "role";

fn prominence(actor: &Actor, text: &str) -> f32 {
    // An office beside a name is part of that mention.
    let sure = actor.mentions.iter().filter(|mention| mention.rule != ALTERNATIVE && mention.rule != TITLE_BESIDE);
    let (mut count, mut first) = (0, u32::MAX);
    for mention in sure {
        count += 1;
        first = first.min(mention.span.start);
    }
    let title = text.bytes().take(TITLE as usize).position(|byte| byte == b'\n').map_or(TITLE, |end| end as u32);
    let early = match first {
        _ if first < title => 2.0,
        _ if first < LEDE => 1.0,
        _ => 0.0,
    };
    if count == 0 { 0.0 } else { early + (1.0 + count as f32).log2() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(starts: &[u32], rule: &'static str) -> Actor {
        let mention = |&start: &u32| Mention {
            span: Span { start, end: start + 1 },
            form: Form::Name,
            confidence: 0.9,
            rule: Cow::Borrowed(rule),
        };
        Actor {
            id: String::new(),
            kind: ActorKind::State,
            name: String::new(),
            aliases: Arc::default(),
            country: None,
            parent: None,
            roles: Vec::new(),
            mentions: starts.iter().map(mention).collect(),
        }
    }

    #[test]
    fn the_main_actor_stands_early_and_often() {
        let check = |actors: &[Actor], expected: &[f32]| {
            let facts = Facts { actors: actors.to_vec(), ..Facts::default() };
            assert_eq!(facts.saliences("A title\n\nand a text"), expected);
        };
        check(&[], &[]);
        check(&[actor(&[2, 300, 900], "table"), actor(&[900], "table")], &[1.0, 0.25]);
        check(&[actor(&[900], "table"), actor(&[20], "table")], &[0.5, 1.0]);
        check(&[actor(&[900], "table"), actor(&[2], "alternative")], &[1.0, 0.0]);
    }
}
