//! Extraction and analysis: megabytes a second on one core, and what hostile texts cost beside prose.
//!
//! The yardstick is one pass of tantivy's plain tokenizer over the same text.

mod corpus;
mod measure;
mod raw;

use std::error::Error;
use std::hint::black_box;

use chancery::analysis::{self, Form};
use chancery::article::{Article, ArticleId, Origin};
use chancery::extract::{self, Tables};

use crate::corpus::{Newsroom, beginning};
use crate::measure::{in_turn, is_trial, rate, ratio, rounds, seconds, table};

/// The size of a hostile text: larger than any article, as large as a bad day.
const HOSTILE_BYTES: usize = 1_000_000;

/// A hostile text is tried at this part of its size first.
const FIRST_TRY: usize = 16;

/// A hostile text that would take longer, if its cost grew with the square of its size, is not tried in full.
const PATIENCE_SECONDS: f64 = 60.0;

fn main() -> Result<(), Box<dyn Error>> {
    let bytes = if is_trial() { 50_000 } else { corpus::bytes_wanted() };
    let articles: Vec<Article> = match corpus::given()? {
        Some(articles) => articles,
        None => Newsroom::open()?.take_bytes(bytes).filter_map(|news| news.article()).collect(),
    };
    let bytes = articles.iter().map(|article| article.text.len()).sum();
    throughput(&articles, bytes);
    findings(&articles);
    hostile(&articles);
    Ok(())
}

#[derive(Clone, Copy)]
enum Work {
    Plain(Form),
    Ours(Form),
    Extraction,
    ExtractionInEnglish,
}

impl Work {
    fn run(self, article: &Article) {
        match self {
            Work::Plain(form) => {
                let mut analyser = raw::plain_analyser(form);
                let mut stream = analyser.token_stream(&article.text);
                while stream.advance() {
                    black_box(stream.token());
                }
            }
            Work::Ours(form) => analysis::tokens(&article.text, form).for_each(|token| drop(black_box(token))),
            Work::Extraction | Work::ExtractionInEnglish => {
                black_box(extract::extract(article, Tables::builtin(), &extract::Options { beliefs: false }));
            }
        }
    }

    fn name(self) -> String {
        match self {
            Work::Plain(form) => format!("tantivy's chain, {}", form_name(form)),
            Work::Ours(form) => format!("our analyser, {}", form_name(form)),
            Work::Extraction => "extraction".to_owned(),
            Work::ExtractionInEnglish => "extraction, language told".to_owned(),
        }
    }
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Stemmed => "stemmed",
        Form::Folded => "folded",
        Form::Filed => "filed",
        Form::Written => "written",
        Form::Spelt => "spelt",
    }
}

fn throughput(articles: &[Article], bytes: usize) {
    let forms = [Form::Folded, Form::Stemmed, Form::Written];
    let pairs = forms.into_iter().flat_map(|form| [Work::Plain(form), Work::Ours(form)]);
    let works: Vec<Work> = pairs.chain([Work::Extraction, Work::ExtractionInEnglish]).collect();
    // The tables are read once in the life of a process.
    let start = seconds(Tables::builtin);
    // The language of most archives is known; finding it costs the same for an article of any length.
    let told: Vec<Article> =
        articles.iter().map(|article| Article { language: Some("en".to_owned()), ..article.clone() }).collect();
    let medians = in_turn(&works, rounds(5), |work| {
        let articles = if matches!(work, Work::ExtractionInEnglish) { &told } else { articles };
        seconds(|| articles.iter().for_each(|article| work.run(article)))
    });
    let row = |(work, time): (&Work, &f64)| vec![work.name(), rate(bytes, *time), ratio(time / medians[0])];
    let title = format!(
        "One core, {} articles, {:.1} MB of text. Time is compared with the first line.",
        articles.len(),
        bytes as f64 / 1e6
    );
    let rows: Vec<_> = works.iter().zip(&medians).map(row).collect();
    table(&title, &["work", "MB/s", "time"], &rows);
    println!("\nReading the tables, once: {:.1} ms.", start * 1e3);
}

/// Says how much extraction found, because an extraction that finds nothing is fast.
fn findings(articles: &[Article]) {
    let (mut mentions, mut quotes, mut attributed) = (0, 0, 0);
    for article in articles {
        let facts = extract::extract(article, Tables::builtin(), &extract::Options { beliefs: false });
        mentions += facts.actors.iter().map(|actor| actor.mentions.len()).sum::<usize>();
        quotes += facts.quotes.len();
        attributed += facts.quotes.iter().filter(|quote| !quote.speakers.is_empty()).count();
    }
    let each = |count: usize| count as f64 / articles.len() as f64;
    println!(
        "Found in an article: {:.1} mentions, {:.1} quotes, {:.1} of them with a speaker.",
        each(mentions),
        each(quotes),
        each(attributed)
    );
}

fn hostile(articles: &[Article]) {
    let size = if is_trial() { 20_000 } else { HOSTILE_BYTES };
    let mut taken = 0;
    let prose: Vec<Article> = articles
        .iter()
        .take_while(|article| {
            let more = taken < size;
            taken += article.text.len();
            more
        })
        .cloned()
        .collect();
    let prose_bytes: usize = prose.iter().map(|article| article.text.len()).sum();
    let joined: String = prose.iter().map(|article| article.text.as_str()).collect::<Vec<_>>().join("\n\n");
    let contestants = hostile_texts(&joined, size);
    let works: [(&str, Run); 2] = [("extraction", extract_all), ("analysis, three forms", analyse_all)];
    for (name, work) in works {
        let mut bounded = vec![("prose, in articles".to_owned(), prose.clone(), prose_bytes)];
        let mut endless = Vec::new();
        for (name, text) in &contestants {
            let part = seconds(|| work(&[article(beginning(text, text.len() / FIRST_TRY))]));
            let worst = part * (FIRST_TRY * FIRST_TRY) as f64;
            if worst < PATIENCE_SECONDS {
                bounded.push(((*name).to_owned(), vec![article(text)], text.len()));
            } else {
                endless.push(format!("{name}: {part:.1} s for one {FIRST_TRY}th of it, not tried in full"));
            }
        }
        let times = in_turn(&bounded, rounds(5), |(_, articles, bytes)| seconds(|| work(articles)) / *bytes as f64);
        let row = |((name, _, _), time): (&(String, _, _), &f64)| {
            vec![name.clone(), format!("{:.1}", 1e-6 / time), ratio(time / times[0])]
        };
        let rows: Vec<_> = bounded.iter().zip(&times).map(row).collect();
        let title = format!("Hostile texts of {:.1} MB, {name}: time a byte against prose.", size as f64 / 1e6);
        table(&title, &["text", "MB/s", "time"], &rows);
        endless.iter().for_each(|line| println!("{line}"));
    }
}

/// Work on some articles.
type Run = fn(&[Article]);

fn extract_all(articles: &[Article]) {
    articles.iter().for_each(|article| Work::Extraction.run(article));
}

fn analyse_all(articles: &[Article]) {
    for form in [Form::Stemmed, Form::Folded, Form::Written] {
        articles.iter().for_each(|article| Work::Ours(form).run(article));
    }
}

/// Texts that would break a program whose work is not linear in its input.
fn hostile_texts(prose: &str, size: usize) -> Vec<(&'static str, String)> {
    let repeated = |unit: &str| unit.repeat(size / unit.len());
    let unended = |c: char| if matches!(c, '.' | '!' | '?' | '\n' | '"' | '“' | '”') { ' ' } else { c };
    let titled = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    };
    vec![
        ("prose, in one article", prose.to_owned()),
        ("one sentence", prose.chars().map(unended).collect()),
        ("one paragraph", prose.replace('\n', " ")),
        ("every word with a capital", prose.split(' ').map(titled).collect::<Vec<_>>().join(" ")),
        ("all capitals", prose.to_uppercase()),
        ("straight quotation marks", repeated("\"")),
        ("straight quotation marks, parted", repeated("\" ")),
        ("opening quotation marks", repeated("“")),
        ("marks that open and close", repeated("“a” ")),
        ("marks in paragraphs, never closed", repeated("“He said so.\n\n")),
        ("single marks", repeated("'a ")),
        ("opening brackets", repeated("(")),
        ("nested brackets", format!("{}{}", "([".repeat(size / 4), ")]".repeat(size / 4))),
        ("one name", repeated("Vladimir Putin ")),
        ("one cue", repeated("said ")),
        ("name and cue", repeated("Putin said, \"no\" ")),
        ("one endless word", repeated("a")),
        ("hyphens", repeated("a-")),
        ("full stops", repeated("U.S.")),
        ("commas", repeated(", and ")),
    ]
}

fn article(text: &str) -> Article {
    Article {
        id: ArticleId::from_own("hostile"),
        date: None,
        title: "Hostile".to_owned(),
        title_derived: true,
        text: text.to_owned(),
        text_offset: None,
        language: None,
        source: None,
        authors: Vec::new(),
        url: None,
        origin: Origin { path: "hostile.txt".to_owned(), ordinal: 0 },
        standing: chancery::article::Standing::Usable,
    }
}
