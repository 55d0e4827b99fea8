//! Synthetic news, as much of it as a bench wants: the sentences of the sample archive, shuffled and put together anew.
//!
//! A fixed seed makes the same news on every machine. Quotation marks stay paired, so that extraction has as much to
//! find as in the samples; the digits inside numbers are rolled again, so that the vocabulary grows a little with the
//! archive. Names and words are those of the samples: the vocabulary of real news is larger.
#![allow(dead_code, reason = "each bench is a program of its own and uses its own part")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use chancery::archive::{report, run};
use chancery::article::Article;
use chancery::corpus;
use chancery::date::Moment;
use chancery::text::{is_terminator, paragraphs};

/// Bytes of news when the environment does not say: small enough for a coffee, large enough for a ratio.
const USUAL_MEGABYTES: usize = 20;

/// The first year of the news, and how many years they cover.
const YEARS: (u64, u64) = (2014, 11);

/// The shortest article before its last paragraph, and by how much others are longer: about 2.5 KB in the middle.
const LENGTHS: (usize, usize) = (1_400, 2_000);

/// Any number but 0 would do; this one makes the news what it is.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many bytes of news to make: `CHANCERY_BENCH_MB`, in millions.
pub fn bytes_wanted() -> usize {
    let told = std::env::var("CHANCERY_BENCH_MB").ok().and_then(|text| text.parse::<usize>().ok());
    told.unwrap_or(USUAL_MEGABYTES).max(1) * 1_000_000
}

/// The articles of a file or folder of one's own, `CHANCERY_BENCH_NEWS`, when the environment names one.
pub fn given() -> Result<Option<Vec<Article>>, Box<dyn Error>> {
    let Some(root) = std::env::var_os("CHANCERY_BENCH_NEWS") else { return Ok(None) };
    let (options, mut articles) = (options(), Vec::new());
    for found in corpus::walk(Path::new(&root), &options)?.flatten() {
        let bytes = fs::read(&found.path)?;
        corpus::read(&found.relative, &bytes, &mut |article| articles.extend(article));
    }
    Ok(Some(articles))
}

/// One piece of news.
pub struct News {
    /// Its file inside the corpus.
    pub path: String,
    /// The day of its publication.
    pub date: String,
    /// Its text.
    pub text: String,
}

impl News {
    /// The file in the plain format.
    pub fn plain(&self) -> String {
        format!(" date {} {}", self.date, self.text)
    }

    /// An article of one's own as a piece of news, numbered; `None` for one without a date, which the format needs.
    pub fn again((number, article): (usize, &Article)) -> Option<Self> {
        let date = article.date?.date.first();
        let path = format!("{}/{number:07}.txt", date.to_string().get(..4)?);
        Some(Self { path, date: date.to_string(), text: article.text.clone() })
    }

    /// What the reader of the plain format makes of it.
    pub fn article(&self) -> Option<Article> {
        let mut found = None;
        corpus::read(&self.path, self.plain().as_bytes(), &mut |article| found = found.take().or(article.ok()));
        found
    }
}

/// Makes news without end.
pub struct Newsroom {
    sentences: Vec<String>,
    headings: Vec<String>,
    random: Random,
    written: u64,
}

impl Newsroom {
    /// Takes the sentences of the sample archive.
    pub fn open() -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let options = options();
        let (mut sentences, mut headings) = (Vec::new(), Vec::new());
        for found in corpus::walk(&root, &options)?.flatten() {
            let bytes = fs::read(&found.path)?;
            corpus::read(&found.relative, &bytes, &mut |article| {
                let Ok(article) = article else { return };
                for paragraph in paragraphs(&article.text).map(|span| span.of(&article.text)) {
                    if paragraph.contains(is_terminator) {
                        sentences.extend(parted(paragraph).into_iter().map(str::to_owned));
                    } else {
                        headings.push(paragraph.to_owned());
                    }
                }
            });
        }
        if sentences.is_empty() || headings.is_empty() {
            return Err(format!("no sample articles in `{}`", root.display()).into());
        }
        Ok(Self { sentences, headings, random: Random(SEED), written: 0 })
    }

    /// Takes news until their text has `bytes`.
    pub fn take_bytes(self, bytes: usize) -> impl Iterator<Item = News> {
        let mut left = bytes;
        self.take_while(move |news| {
            let more = left > 0;
            left = left.saturating_sub(news.text.len());
            more
        })
    }

    fn sentence(&mut self) -> String {
        let sentence = &self.sentences[self.random.below(self.sentences.len())];
        let mut inside = false;
        let rolled = sentence.chars().map(|c| {
            let digit = c.is_ascii_digit();
            let roll = digit && inside;
            inside = digit;
            if roll { char::from(b'0' + self.random.below(10) as u8) } else { c }
        });
        rolled.collect()
    }
}

impl Iterator for Newsroom {
    type Item = News;

    fn next(&mut self) -> Option<News> {
        let year = YEARS.0 + self.random.below(YEARS.1 as usize) as u64;
        let date = format!("{year}-{:02}-{:02}", self.random.below(12) + 1, self.random.below(28) + 1);
        let path = format!("{year}/{:07}.txt", self.written);
        self.written += 1;
        let length = LENGTHS.0 + self.random.below(LENGTHS.1);
        let mut text = self.sentence();
        while text.len() < length {
            text.push_str("\n\n");
            if self.random.below(8) == 0 {
                text.push_str(&self.headings[self.random.below(self.headings.len())]);
                text.push_str("\n\n");
            }
            text.push_str(&self.sentence());
            for _ in 0..self.random.below(3) {
                text.push(' ');
                text.push_str(&self.sentence());
            }
        }
        Some(News { path, date, text })
    }
}

/// Writes news as a corpus; returns how many there are and the bytes of their text.
pub fn write(folder: &Path, news: impl Iterator<Item = News>) -> Result<(usize, usize), Box<dyn Error>> {
    let (mut count, mut bytes) = (0, 0);
    for news in news {
        let path = folder.join(&news.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, news.plain())?;
        count += 1;
        bytes += news.text.len();
    }
    Ok((count, bytes))
}

/// Reads everything in a corpus.
pub fn options() -> corpus::Options {
    corpus::Options { include: Vec::new(), exclude: Vec::new(), max_file_bytes: corpus::DEFAULT_MAX_FILE_BYTES }
}

/// Brings an index in `index` up to date with a corpus, as `chancery index` does.
pub fn build(index: &Path, corpus: &Path, no_extract: bool) -> Result<(), Box<dyn Error>> {
    let options = report::Options {
        allow_low_space: true,
        no_extract,
        ..report::Options::usual(Moment::now(), Moment::now_nanoseconds())
    };
    run::index(index, &[corpus.to_owned()], &options, &AtomicBool::new(false), &mut |_| {})?;
    Ok(())
}

/// The beginning of a text, of so many bytes or a few less.
pub fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

/// The sentences of a paragraph, roughly; never parted inside quotation marks, so that marks stay paired.
fn parted(paragraph: &str) -> Vec<&str> {
    let (mut parts, mut start, mut curly, mut straight) = (Vec::new(), 0, 0_i32, false);
    for (at, c) in paragraph.char_indices() {
        match c {
            '“' => curly += 1,
            '”' => curly -= 1,
            '"' => straight = !straight,
            ' ' if curly == 0 && !straight && ends(&paragraph[start..at]) => {
                parts.push(&paragraph[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    // What ends in the middle of a quotation is left out with it.
    if curly == 0 && !straight && paragraph[start..].len() > 1 {
        parts.push(&paragraph[start..]);
    }
    parts
}

/// Whether a sentence may end here; `Mr.` and `U.S.` end none.
fn ends(sentence: &str) -> bool {
    let bare = sentence.trim_end_matches(['"', '”', ')']);
    let word = bare.trim_end_matches(is_terminator).rsplit(' ').next().unwrap_or("");
    let short = word.len() < 4 && word.starts_with(char::is_uppercase);
    bare.ends_with(is_terminator) && !short && !word.contains('.')
}

/// A xorshift generator: no crate, the same numbers everywhere.
pub struct Random(u64);

impl Random {
    /// The usual seed.
    pub fn new() -> Self {
        Self(SEED)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}
