//! What a search yields: hits with their scores and snippets, quotes, counts. Text and spans, never markup.

use crate::date::{Day, Moment, Published};
use crate::facts::{ActorKind, QuoteKind};
use crate::text::Span;

/// An actor as a hit lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorRef {
    /// Its id.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// What sort of actor.
    pub kind: ActorKind,
}

/// One stretch of text around what matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The stretch, white space folded to single blanks.
    pub text: String,
    /// What matched, as byte ranges into `text` of this snippet.
    pub marks: Vec<Span>,
    /// Where the stretch begins in the article's text.
    pub at: u32,
    /// The paragraph it stands in, counted from 1; of several, the last.
    pub paragraph: u32,
}

/// How a hit got its score.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScoreParts {
    /// BM25 over the boosted fields; 0 when only filters were asked.
    pub relevance: f32,
    /// What the date leaves of it, between the floor and 1; 1 when the date does not count.
    pub recency: f32,
    /// Days between the article and `as_of`; `None` for an undated article.
    pub age_days: Option<i32>,
    /// What each word of the question gave, when the hit is to be explained.
    pub terms: Vec<TermPart>,
}

/// What one word of the question gave to a hit.
#[derive(Debug, Clone, PartialEq)]
pub struct TermPart {
    /// The word or phrase as the canonical query prints it.
    pub term: String,
    /// Its share of the relevance.
    pub score: f32,
    /// The fields it was found in, with the share of each.
    pub fields: Vec<(String, f32)>,
}

/// The articles that a hit stands for in a list that shows every story once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copies {
    /// How many there are, without the hit.
    pub total: u64,
    /// The first few of them by date.
    pub named: Vec<Copy>,
}

/// An article with the story of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its id.
    pub id: String,
    /// When it was published.
    pub date: Option<Published>,
    /// The outlet.
    pub source: Option<String>,
    /// Its headline.
    pub title: String,
}

/// One article that answers a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its place in the list, counted from 1.
    pub rank: usize,
    /// The article.
    pub id: String,
    /// Its file inside the corpus.
    pub path: String,
    /// Which article of that file.
    pub ordinal: u32,
    /// Its headline.
    pub title: String,
    /// When it was published.
    pub date: Option<Published>,
    /// When it came into the archive.
    pub ingested: Moment,
    /// The outlet.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// What the list is sorted by, when it is sorted by score.
    pub score: f32,
    /// How the score came about.
    pub parts: ScoreParts,
    /// Who is in it, most often named first.
    pub actors: Vec<ActorRef>,
    /// How many quotes it has.
    pub quotes: usize,
    /// Other articles with its story that answer the question too, where a list shows every story once.
    pub copies: Copies,
    /// Where it matched.
    pub snippets: Vec<Snippet>,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// The page that was asked for.
    pub hits: Vec<Hit>,
    /// How many articles match in all.
    pub total: u64,
    /// How many stories they are; `None` when the list is not folded.
    pub stories: Option<u64>,
    /// The day that ages were counted from.
    pub as_of: Option<Day>,
}

/// One quote that answers a question.
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteHit {
    /// The article it stands in.
    pub article: String,
    /// That article's file.
    pub path: String,
    /// That article's headline.
    pub title: String,
    /// That article's date.
    pub date: Option<Published>,
    /// That article's outlet.
    pub source: Option<String>,
    /// Where that article was published.
    pub url: Option<String>,
    /// Who says it; empty when unresolved.
    pub speakers: Vec<ActorRef>,
    /// How the words are rendered.
    pub kind: QuoteKind,
    /// The words.
    pub text: String,
    /// What matched, as byte ranges into `text`.
    pub marks: Vec<Span>,
    /// The word that reports them.
    pub cue: Option<String>,
    /// From the first part to the last, in the article's text.
    pub span: Span,
    /// Between 0 and 1.
    pub confidence: f32,
    /// Which rule found it.
    pub rule: String,
    /// Relevance of its words; 0 when only filters were asked.
    pub score: f32,
}

/// A page of quotes.
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteHits {
    /// The page that was asked for.
    pub quotes: Vec<QuoteHit>,
    /// How many quotes match in all.
    pub total: u64,
}

/// How many articles have one term of a question, for the explanation of few or no hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermCount {
    /// The term as the canonical query prints it.
    pub term: String,
    /// How many articles have it.
    pub articles: u64,
    /// The word of the archive that is spelt nearest, when none has the term.
    pub nearest: Option<String>,
}

/// How one part of a question is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The part as canonical text.
    pub term: String,
    /// How many articles have it, where it is looked for in articles.
    pub articles: Option<u64>,
    /// How it is matched, and where.
    pub reading: String,
}

/// How a question is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// The canonical question.
    pub query: String,
    /// How many articles answer it.
    pub articles: u64,
    /// Its parts in the order typed.
    pub parts: Vec<Reading>,
}

/// Articles that have one date, exact or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// The first day that their date may mean, and the last; `None` for undated articles.
    pub days: Option<(Day, Day)>,
    /// How many there are.
    pub articles: u64,
}

/// What articles are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetBy {
    /// Every actor in them.
    Actor,
    /// The persons in them.
    Person,
    /// The organisations in them.
    Org,
    /// The sorts of actors in them, as their ids begin: `person`, `state`, `gov`, `igo` …
    Kind,
    /// The countries they are about.
    Country,
    /// Those who are quoted.
    Speaker,
    /// The outlet.
    Source,
    /// The language.
    Language,
    /// The year of publication.
    Year,
    /// The month of publication.
    Month,
}

/// How many articles have each value of a column; what an engine counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The most frequent values with the articles that have them, the most frequent first.
    pub counts: Vec<(String, u64)>,
    /// How many different values there are.
    pub values: u64,
    /// Articles without any value.
    pub missing: u64,
    /// All articles that answer the question.
    pub total: u64,
}

/// One value with the articles that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// An id, a code or a period.
    pub value: String,
    /// The name to show, if it has another one.
    pub name: Option<String>,
    /// How many articles have it.
    pub articles: u64,
}

/// The articles that answer a question, counted by the values they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Which values.
    pub by: FacetBy,
    /// The most frequent values first, or periods in their order.
    pub counts: Vec<FacetCount>,
    /// How many more values there are.
    pub left_out: u64,
    /// Articles without any value, or with a date that is not exact enough.
    pub missing: u64,
    /// All articles that answer the question.
    pub total: u64,
}

/// An actor in the articles that answer a question, and who is named with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastMember {
    /// The actor, with the articles that name it.
    pub actor: FacetCount,
    /// Those named in most of the same articles, with how many of these.
    pub beside: Vec<FacetCount>,
}

/// Who is in the articles that answer a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The actors that most articles name, these first.
    pub members: Vec<CastMember>,
    /// How many more actors there are.
    pub left_out: u64,
    /// Articles that name nobody.
    pub missing: u64,
    /// All articles that answer the question.
    pub total: u64,
}

/// The length of a bin of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A calendar year.
    Year,
    /// A calendar month.
    Month,
    /// An ISO week, Monday to Sunday.
    Week,
    /// A day.
    Day,
}

/// How many articles answer a question, and how many there are at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that answer it.
    pub hits: u64,
    /// All articles of the archive, of the same time.
    pub all: u64,
}

/// One period of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// `2022`, `2022-02`, `2022-W05` or `2022-02-05`.
    pub label: String,
    /// Its articles.
    pub articles: Share,
}

/// The articles that answer a question, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// How long a bin is.
    pub unit: Unit,
    /// From the first period with a hit to the last one, those without hits among them.
    pub bins: Vec<Bin>,
    /// Articles whose date is not exact enough to lie in one bin.
    pub vague: Share,
    /// Articles without a date.
    pub undated: Share,
}

/// A question with its articles over time, beside others on the same axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The canonical question.
    pub query: String,
    /// Its articles.
    pub timeline: Timeline,
}

impl Timeline {
    /// All articles that answer the question.
    pub fn total(&self) -> u64 {
        self.bins.iter().map(|bin| bin.articles.hits).sum::<u64>() + self.vague.hits + self.undated.hits
    }
}
