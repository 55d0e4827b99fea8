//! What can be typed: commands and options, checked but not acted on.
//!
//! The doc comments here are the help texts. Nothing in this file looks at the environment beyond what clap reads, so
//! help works however broken an archive is.

mod actors;
mod later;
mod runs;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::actors::{ActorsArguments, ActorsCommand, ListName};
pub use self::later::Later;
pub use self::runs::{
    CheckArguments, CorpusArguments, DumpArguments, IndexArguments, PruneArguments, RestoreArguments, RunsArguments,
    StatusArguments, TablesArguments,
};
use crate::archive::HALF_LIFE_DAYS;
use crate::date::Day;
use crate::hits::{FacetBy, Unit};

/// A searchable archive of dated articles: text, dates, actors, and who said what
///
/// Reads folders of articles, finds the actors in them and who said what, and answers questions ranked by relevance
/// and date. Everything stays on this machine.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  chancery index news/                      build the index, or bring it up to date
  chancery search Kritenbrink NATO          articles with both words, best first
  chancery quotes 'speaker:Lavrov \"red line\"'  who said it, in one quote
  chancery export date:2022-02 -o hits.csv  every hit, uncapped

Environment: CHANCERY_INDEX, CHANCERY_ACTORS, CHANCERY_PING and CHANCERY_CONFIG stand for --index, --actors, --ping and
--config where these are not given; NO_COLOR, if it is not empty, switches colours off.

Exit codes: 0 hits, or a clean run; 1 no hits; 2 wrong usage or question; 3 index missing or damaged;
4 indexed, but some files failed; 75 another run holds the lock; 130 interrupted.";

/// A path; unlike clap's own, one without a name passes, so that a variable that is set to nothing is no error.
pub(super) fn folder() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// The folder of the index where none is named.
const USUAL_INDEX: &str = "index";

impl Global {
    /// The folder of the index; an empty name, as of a variable that is set to nothing, names none.
    pub fn folder(&self) -> PathBuf {
        if self.index.as_os_str().is_empty() { PathBuf::from(USUAL_INDEX) } else { self.index.clone() }
    }

    /// The file of settings; an empty name is none.
    pub fn settings(&self) -> Option<&Path> {
        self.config.as_deref().filter(|file| !file.as_os_str().is_empty())
    }
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// The folder of the index
    #[arg(long, global = true, env = "CHANCERY_INDEX", default_value = USUAL_INDEX, value_name = "DIR", value_parser = folder())]
    pub index: PathBuf,
    /// A file of settings, as TOML: options that need not be typed; see docs/settings.md
    #[arg(long, global = true, env = "CHANCERY_CONFIG", value_name = "FILE", value_parser = folder())]
    pub config: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// How to write the answer; a terminal gets text, a pipe gets lines
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatName>,
    /// Say nothing but trouble; search, quotes and count answer by the exit code alone
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On terminals, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The formats of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// A layout for people
    Text,
    /// One stable line an item, columns parted by tabs
    Lines,
    /// One JSON object a line
    Jsonl,
    /// One JSON array or object
    Json,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
    /// A drawing, of a timeline or a comparison only
    Svg,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the index from folders of articles, or bring it up to date
    Index(Later<IndexArguments>),
    /// Find articles
    Search(Later<SearchArguments>),
    /// Find quotes: who said what, words and speaker in one quote
    Quotes(Later<QuotesArguments>),
    /// Show one article, its actors and quotes marked
    Show(Later<ShowArguments>),
    /// Write every hit to a file, uncapped
    Export(Later<ExportArguments>),
    /// Count the articles that answer a question
    Count(Later<QueryArguments>),
    /// Count them over time, in all and as a share of all articles
    Timeline(Later<TimelineArguments>),
    /// Count several questions over one axis of time
    Compare(Later<CompareArguments>),
    /// Find the articles most like one
    Similar(Later<SimilarArguments>),
    /// Count articles by who is in them, where they come from, or when they were published
    Facets(Later<FacetsArguments>),
    /// Print what extraction sees in files, without an index, as JSON lines
    Extract(Later<ExtractArguments>),
    /// Tell who is in the articles that answer a question, or look after the tables of actors
    Actors(ActorsArguments),
    /// List the fields that a question can name
    Fields,
    /// Tell what the index holds and how it was made
    Status(Later<StatusArguments>),
    /// List the last runs of the indexer, or show one: what it did, what failed, what took long
    Runs(Later<RunsArguments>),
    /// Verify that documents, catalogue and files agree
    Check(Later<CheckArguments>),
    /// Go back to the index before the last rebuild
    Rollback,
    /// Free the space of the index before the last rebuild, of old records of runs, and of what killed runs left
    Prune(Later<PruneArguments>),
    /// Write what no rebuild brings back: when each article came in, and your own tables
    Dump(Later<DumpArguments>),
    /// Take in what `dump` has written
    Restore(Later<RestoreArguments>),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all pages into a folder
    Man {
        /// Which page; the one of the program if left out
        page: Option<Page>,
        /// The folder
        #[arg(long, value_name = "DIR", conflicts_with = "page")]
        dir: Option<PathBuf>,
    },
}

/// A page that is not about a command.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Page {
    /// The query language
    Query,
}

/// A question and its dates.
#[derive(Debug, Args)]
pub struct QueryArguments {
    /// The question; see docs/query.md
    #[arg(required = true)]
    pub query: Vec<String>,
    /// Articles need not have all words; those with more of them come first
    #[arg(long)]
    pub any: bool,
    #[command(flatten)]
    pub dates: DateArguments,
}

/// The dates of a question.
#[derive(Debug, Args)]
pub struct DateArguments {
    /// Not before this date (2022, 2022-02, 2022-02-05, yesterday, 3w …)
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Not after this date
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// In this period
    #[arg(long, value_name = "PERIOD")]
    pub on: Option<String>,
}

/// A question and how to cut time.
#[derive(Debug, Args)]
pub struct TimelineArguments {
    #[command(flatten)]
    pub question: QueryArguments,
    /// How long a period is; without it the shortest that gives few of them
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub by: Option<UnitName>,
    /// Bars as long as the share of all articles of their time, not as the number
    #[arg(long)]
    pub share: bool,
}

/// Several questions over time.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The questions, each in quotation marks: `compare 'Russia OR Moscow' 'China -Taiwan'`
    #[arg(required = true, value_name = "QUESTION", num_args = 1..)]
    pub questions: Vec<String>,
    #[command(flatten)]
    pub dates: DateArguments,
    /// How long a period is; without it the shortest that gives few of them
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub by: Option<UnitName>,
    /// Bars as long as the share of all articles of their time, not as the number
    #[arg(long)]
    pub share: bool,
}

/// An article and how many like it.
#[derive(Debug, Args)]
pub struct SimilarArguments {
    /// The id of the article, as the lists show it
    pub id: String,
    #[command(flatten)]
    pub page: PageArguments,
}

/// A question and what to count by.
#[derive(Debug, Args)]
pub struct FacetsArguments {
    #[command(flatten)]
    pub question: QueryArguments,
    /// What to count by
    #[arg(long, value_enum, value_name = "FIELD")]
    pub by: FacetName,
    /// How many values to show, the most frequent first; periods are all shown
    #[arg(long = "limit", short = 'n', value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
}

/// What articles are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FacetName {
    /// Everybody and everything named
    Actor,
    /// Persons named
    Person,
    /// Countries they are about
    Country,
    /// Organisations named
    Org,
    /// Those who are quoted
    Speaker,
    /// Outlets
    Source,
    /// Years of publication
    Year,
    /// Months of publication
    Month,
    /// Languages
    Language,
    /// Kinds of actors named
    Kind,
}

impl From<FacetName> for FacetBy {
    fn from(name: FacetName) -> Self {
        match name {
            FacetName::Actor => Self::Actor,
            FacetName::Person => Self::Person,
            FacetName::Country => Self::Country,
            FacetName::Org => Self::Org,
            FacetName::Speaker => Self::Speaker,
            FacetName::Source => Self::Source,
            FacetName::Year => Self::Year,
            FacetName::Month => Self::Month,
            FacetName::Language => Self::Language,
            FacetName::Kind => Self::Kind,
        }
    }
}

/// Periods of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UnitName {
    /// Calendar years
    Year,
    /// Calendar months
    Month,
    /// ISO weeks
    Week,
    /// Days
    Day,
}

impl From<UnitName> for Unit {
    fn from(name: UnitName) -> Self {
        match name {
            UnitName::Year => Self::Year,
            UnitName::Month => Self::Month,
            UnitName::Week => Self::Week,
            UnitName::Day => Self::Day,
        }
    }
}

/// The order of a list.
#[derive(Debug, Args)]
pub struct RankingArguments {
    /// What to sort by
    #[arg(long, value_enum, default_value_t = SortName::Blend, value_name = "BY")]
    pub sort: SortName,
    /// How much the date counts, from 0 (not at all) to 1; 0.7 unless given
    #[arg(long, value_name = "0..1", value_parser = fraction)]
    pub recency: Option<f32>,
    /// Days in which the weight of age halves
    #[arg(long, value_name = "DAYS", value_parser = days, default_value_t = HALF_LIFE_DAYS)]
    pub half_life: f32,
    /// Count ages from this day; without it from the newest article of the archive
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
    /// With --any: do not put the hits in order again by what the best of them have in common
    #[arg(long)]
    pub no_feedback: bool,
}

/// What lists are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortName {
    /// Relevance and date
    Blend,
    /// Relevance alone
    Relevance,
    /// Newest first
    Newest,
    /// Oldest first
    Oldest,
}

/// Which part of a list.
#[derive(Debug, Args)]
pub struct PageArguments {
    /// How many to show
    #[arg(long = "limit", short = 'n', value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
    /// How many to pass over first
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub offset: usize,
}

#[derive(Debug, Args)]
pub struct SearchArguments {
    #[command(flatten)]
    pub query: QueryArguments,
    #[command(flatten)]
    pub page: PageArguments,
    #[command(flatten)]
    pub ranking: RankingArguments,
    /// Say of every hit how it got its score
    #[arg(long)]
    pub explain: bool,
    /// Do not search: say how each part of the question is understood, and how many articles have it
    #[arg(long)]
    pub explain_query: bool,
    /// When no article has all the words, do not show those that have all but one
    #[arg(long)]
    pub strict: bool,
    /// How many stretches of text to show of a hit
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    pub snippets: usize,
    /// Show every copy of a story, not each story once
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct QuotesArguments {
    #[command(flatten)]
    pub query: QueryArguments,
    #[command(flatten)]
    pub page: PageArguments,
    #[command(flatten)]
    pub ranking: RankingArguments,
}

#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The id of the article, from a list of hits
    pub id: String,
    /// Mark these words in it
    pub query: Vec<String>,
    /// Show only the paragraph of the hit with this number, counted from 1, between its neighbours
    #[arg(long, value_name = "NUMBER", requires = "query", value_parser = clap::value_parser!(u64).range(1..))]
    pub hit: Option<u64>,
}

#[derive(Debug, Args)]
pub struct ExportArguments {
    #[command(flatten)]
    pub query: QueryArguments,
    #[command(flatten)]
    pub ranking: RankingArguments,
    /// The file to write; its ending tells the format (csv, tsv, jsonl, json). Without it, standard output
    #[arg(long = "to", short = 'o', value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// What to write a row for
    #[arg(long, value_enum, default_value_t = RowsName::Hits, value_name = "WHAT")]
    pub output: RowsName,
    /// Do not guard cells that a spreadsheet would take for a formula
    #[arg(long)]
    pub raw: bool,
}

/// What an export has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowsName {
    /// Every article
    Hits,
    /// Every quote
    Quotes,
    /// Every actor of the articles, with the number of articles it is in
    Actors,
}

#[derive(Debug, Args)]
pub struct ExtractArguments {
    /// Files or folders of articles
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub corpus: CorpusArguments,
    #[command(flatten)]
    pub tables: TablesArguments,
    /// Add what is reported as believed or intended
    #[arg(long)]
    pub beliefs: bool,
    /// Show each text with everything marked, and by which rule it was found, instead of JSON
    #[arg(long)]
    pub explain: bool,
}

/// Stands before an exclusion (`-NATO`) while clap reads the line, which would take it for options.
const EXCLUSION: char = '\u{e000}';

/// Commands that take a question.
const ASKING: [&str; 9] = ["search", "quotes", "show", "export", "count", "timeline", "compare", "facets", "actors"];

/// Hides the exclusions of a question from clap: what begins with one hyphen and is none of our short options, behind the
/// name of a command that takes a question.
pub fn hide_exclusions(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let (mut asks, mut ended) = (false, false);
    let hide = |argument: OsString| {
        let Some(text) = argument.to_str() else { return argument };
        asks |= ASKING.contains(&text);
        ended |= text == "--";
        let letters = text
            .strip_prefix('-')
            .filter(|letters| asks && !ended && !letters.starts_with('-') && letters.chars().count() > 1);
        match letters {
            Some(letters) if !is_count(letters) => OsString::from(format!("{EXCLUSION}{text}")),
            _ => argument,
        }
    };
    arguments.into_iter().map(hide).collect()
}

/// `n20`, as in `-n20`.
fn is_count(letters: &str) -> bool {
    letters
        .strip_prefix('n')
        .is_some_and(|number| number.trim_start_matches('=').bytes().all(|byte| byte.is_ascii_digit()))
}

/// The words of a question as they were typed.
pub fn typed(words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.strip_prefix(EXCLUSION).unwrap_or(word)).collect();
    words.join(" ")
}

fn fraction(text: &str) -> Result<f32, String> {
    let number: f32 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("it lies between 0 and 1".to_owned()) }
}

fn days(text: &str) -> Result<f32, String> {
    let number: f32 = text.parse().map_err(|_| format!("`{text}` is not a number of days"))?;
    if number.is_finite() && number > 0.0 { Ok(number) } else { Err("it is above 0".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn exclusions_and_options_are_told_apart() {
        let check = |line: &str, question: &str, limit: usize, any: bool| {
            let line = hide_exclusions(line.split(' ').map(OsString::from));
            let Command::Search(Later(search)) = Arguments::try_parse_from(line).unwrap().command else {
                panic!("no search")
            };
            assert_eq!(typed(&search.query.query), question);
            assert_eq!((search.page.limit, search.query.any), (limit, any), "{question}");
        };
        check("chancery search Xi -NATO -n 5 --any", "Xi -NATO", 5, true);
        check("chancery search -NATO Xi -n7 --color never", "-NATO Xi", 7, false);
        check("chancery search --any Xi -- -n 5", "Xi -n 5", 20, true);
        check("chancery search Xi -nato -country:us", "Xi -nato -country:us", 20, false);
    }
}
