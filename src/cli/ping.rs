//! Telling a monitor of a run, in the convention of healthchecks.io: `URL/start`, then `URL/EXIT-CODE` with a few lines.
//!
//! A monitor that does not answer is trouble worth a line, and nothing more: the run counts, not the message of it.
//! Plain HTTP only, because TLS would need a C compiler to build; `docs/nightly.md` says what to do where it is asked for.

use std::time::Duration;

use crate::cli::terminal::trouble;
use crate::error::{Error, Result};

/// How long a monitor may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many bytes of the report are sent; monitors keep about as many.
const MOST_BYTES: usize = 10_000;

/// A monitor, or none.
pub struct Ping(Option<String>);

impl Ping {
    /// The monitor at an address.
    ///
    /// # Errors
    /// The address is not one of plain HTTP.
    pub fn new(url: Option<&str>) -> Result<Self> {
        let Some(url) = url.filter(|url| !url.is_empty()) else { return Ok(Self(None)) };
        if !url.starts_with("http://") || url.len() <= "http://".len() || url.contains(char::is_whitespace) {
            return Err(Error::usage(format!("`{url}` is no address of a monitor")).hint(
                "it begins with http://; for https let your service manager call the monitor, see docs/nightly.md",
            ));
        }
        Ok(Self(Some(url.to_owned())))
    }

    /// Says that a run begins.
    pub fn start(&self) {
        self.send("start", "");
    }

    /// Says how it ended, with what it has to say.
    pub fn end(&self, code: u8, said: &str) {
        self.send(&code.to_string(), said);
    }

    fn send(&self, what: &str, said: &str) {
        let Some(url) = &self.0 else { return };
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
        let mut end = said.len().min(MOST_BYTES);
        while !said.is_char_boundary(end) {
            end -= 1;
        }
        if let Err(error) = agent.post(address(url, what)).send(&said[..end]) {
            trouble(&format!("the monitor was not told: {error}"));
        }
    }
}

/// The address of one message: what it says is the end of the path, and a question keeps its place behind it.
fn address(url: &str, what: &str) -> String {
    let (path, question) = url.find('?').map_or((url, ""), |at| url.split_at(at));
    format!("{}/{what}{question}", path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_ends_the_path() {
        let check = |url: &str, expected: &str| assert_eq!(address(url, "start"), expected);
        check("http://a/b", "http://a/b/start");
        check("http://a/b/", "http://a/b/start");
        check("http://a/b?create=1", "http://a/b/start?create=1");
        check("http://a/b/?x=/", "http://a/b/start?x=/");
    }

    #[test]
    fn only_plain_http_is_an_address() {
        let check = |url: &str, fine: bool| assert_eq!(Ping::new(Some(url)).is_ok(), fine, "{url}");
        check("http://localhost:8000/ping/abc", true);
        check("", true);
        check("https://example.org/abc", false);
        check("http://", false);
        check("localhost", false);
        check("http://a b", false);
    }
}
