//! Where the records of a file go: numbered as articles, with what is wrong about them.

use crate::article::{Article, Origin};
use crate::catalogue::Failure;
use crate::corpus::record::Record;

/// How many failures of one file are named; the rest are counted, so that a file of rubbish stays a small report.
const MOST_FAILURES: u64 = 1000;

/// Where articles and failures go, and how many there were.
pub struct Out<'a> {
    /// The file.
    pub relative: &'a str,
    /// The number of the next record.
    pub ordinal: u32,
    /// How much failed so far.
    pub failed: u64,
    /// Where it all goes.
    pub sink: &'a mut dyn FnMut(Result<Article, Failure>),
}

impl<'a> Out<'a> {
    /// Nothing passed on yet.
    pub fn new(relative: &'a str, sink: &'a mut dyn FnMut(Result<Article, Failure>)) -> Self {
        Self { relative, ordinal: 0, failed: 0, sink }
    }

    /// Passes one record on. Bad records count too, so that mending one does not rename the articles after it.
    pub fn record(&mut self, line: Option<u64>, record: Result<Record, String>, mended: bool) {
        let number = self.ordinal;
        let origin = Origin { path: self.relative.to_owned(), ordinal: number };
        self.ordinal = self.ordinal.saturating_add(1);
        // Elements of an array have no line of their own, so they are named by their number.
        let named = |reason: String| if line.is_some() { reason } else { format!("record {}: {reason}", number + 1) };
        let (article, warnings) = match record {
            Ok(record) => record.into_article(origin),
            Err(reason) => (Err(reason), Vec::new()),
        };
        match article {
            Ok(article) => (self.sink)(Ok(article)),
            Err(reason) => self.fail(line, named(reason)),
        }
        for warning in warnings {
            self.fail(line, named(warning));
        }
        if mended {
            self.fail(line, named("half a surrogate pair in it; kept with `\u{fffd}`".to_owned()));
        }
    }

    /// Passes a failure on, unless there were too many.
    pub fn fail(&mut self, line: Option<u64>, reason: String) {
        self.failed += 1;
        if self.failed <= MOST_FAILURES {
            (self.sink)(Err(Failure { line, reason }));
        }
    }

    /// Says how many failures were not named.
    pub fn finish(self) {
        if let Some(more) = unnamed(self.failed) {
            (self.sink)(Err(more));
        }
    }
}

/// Passes on the article of a file that holds only one.
pub fn only(relative: &str, record: Record, sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let (article, warnings) = record.into_article(Origin { path: relative.to_owned(), ordinal: 0 });
    let failure = |reason| Failure { line: None, reason };
    sink(article.map_err(failure));
    warnings.into_iter().for_each(|reason| sink(Err(failure(reason))));
}

/// How many failures of a file were not named, as a failure.
pub fn unnamed(failed: u64) -> Option<Failure> {
    let more = failed.checked_sub(MOST_FAILURES).filter(|more| *more > 0)?;
    Some(Failure { line: None, reason: format!("{more} more failures like these") })
}
