//! Reads a page of the web: the article in it, without the menus, teasers and comments around it.
//!
//! Which part of a page is the article is told as Readability does it (Arc90, 2010): every paragraph of some length speaks for
//! the elements around it, the nearer the more; the element with the most voices and the fewest links is the article, with those
//! beside it that have many too. What a page says of itself in `meta` and JSON-LD is believed.

use crate::article::Article;
use crate::catalogue::Failure;
use crate::corpus::key::Value;
use crate::corpus::layout::{Block, Layout};
use crate::corpus::out::Out;
use crate::corpus::record::{Record, is_date};
use crate::corpus::{encoding, value};
use crate::date::Provenance;

/// How much of a page is looked at for its encoding: browsers look at 1,024 bytes, pages are less careful.
const HEAD: usize = 8 << 10;

/// Less text than this is no article: a notice, or a page that is made by a script.
const SHORTEST: usize = 140;

/// Marks that a site puts before its own name in a title.
const SITE_MARKS: [&str; 5] = [" | ", " - ", " – ", " — ", " :: "];

/// Names of `meta` that give the date of publication, the most exact first.
const DATES: [&str; 16] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "publish-date",
    "pubdate",
    "publication_date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "date",
    "cxenseparse:recs:publishtime",
];

/// Whether bytes begin like a page, whatever the file is called.
pub fn is_one(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    // XHTML may be declared as XML.
    let declared = bytes.starts_with(b"<?xml").then(|| memchr::memmem::find(bytes, b"?>")).flatten();
    let bytes = bytes[declared.map_or(0, |end| end + 2)..].trim_ascii_start();
    let begins =
        |start: &str| bytes.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()));
    ["<!doctype html", "<html", "<head", "<body"].into_iter().any(begins)
}

/// Reads one page.
pub fn read(relative: &str, bytes: &[u8], sink: &mut dyn FnMut(Result<Article, Failure>)) {
    let mut out = Out::new(relative, sink);
    let opened = match encoding::open(bytes) {
        Ok(opened) => opened,
        Err(reason) => return out.fail(None, reason),
    };
    let (text, broken) = encoding::decode_declared(&opened.bytes, declared(&opened.bytes));
    for warning in opened.warning.into_iter().chain(broken) {
        out.fail(None, warning);
    }
    let found = [true, false].into_iter().find_map(|trusting| {
        let layout = Layout::read(&text, trusting);
        prose(&layout).map(|prose| record(&layout, prose))
    });
    match found {
        Some(record) => out.record(None, Ok(record), false),
        None => out.fail(None, "no article found in this page".to_owned()),
    }
    out.finish();
}

/// The encoding that a page names in `meta`.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let at = memchr::memmem::find(head, b"charset=").or_else(|| memchr::memmem::find(head, b"CHARSET="))?;
    let value = head[at + 8..].trim_ascii_start();
    let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
    value.split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))).next()
}

/// The words of the article, in paragraphs.
fn prose(layout: &Layout) -> Option<String> {
    let blocks = layout.article();
    let last = blocks.iter().rposition(|block| !block.is_heading())?;
    let mut parts: Vec<&str> = Vec::new();
    for block in &blocks[..=last] {
        // The headline on top of the text is the title, which is kept apart.
        if parts.is_empty() && block.is_heading() {
            continue;
        }
        parts.push(&block.text);
    }
    let text = parts.join("\n\n");
    (text.len() >= SHORTEST).then_some(text)
}

fn record(layout: &Layout, prose: String) -> Record {
    let said = layout.linked_data.iter().filter_map(|json| value::record(json));
    let mut record = said.fold(Record::default(), Record::or);
    // A page may say its whole article in JSON-LD too, cut or with marks of its own; what is seen is the text.
    record.forget_text();
    let meta = |names: &[&str]| names.iter().find_map(|name| layout.meta(name)).map(str::to_owned);
    let url = meta(&["og:url"]).filter(|url| url.starts_with("http")).or_else(|| layout.canonical.clone());
    date(&mut record, layout, url.as_deref());
    if let Some(title) = title(layout, record.has_title()) {
        record.replace_text("title", title);
    }
    for (key, value) in [("url", url), ("source", meta(&["og:site_name", "publisher", "dc.publisher"]))] {
        if let Some(value) = value {
            record.replace_text(key, value);
        }
    }
    if let Some(language) = layout.language.clone().or_else(|| meta(&["content-language", "og:locale"])) {
        record.replace_text("language", language.replace('_', "-"));
    }
    if !record.has_authors() {
        let author = meta(&["author", "article:author", "dc.creator", "parsely-author"]);
        let names = author.filter(|name| !name.contains("://")).map(Value::Text);
        record.put_named("authors", Value::List(names.into_iter().collect()));
    }
    record.put_text("text", Some(prose));
    record
}

/// Gives a record the first date that can be read, of the places where pages have theirs; they fill them with anything.
fn date(record: &mut Record, layout: &Layout, url: Option<&str>) {
    let metas = || DATES.iter().filter_map(|name| layout.meta(name)).map(str::to_owned);
    let stated = metas().find(|date| is_date(date));
    if let Some(date) = stated {
        return record.replace_text("date", date);
    }
    if record.has_true_date() {
        return;
    }
    if let Some(date) = url.and_then(date_of_address) {
        record.published_by(Provenance::Url);
        return record.replace_text("date", date);
    }
    let time = layout.times.iter().find(|date| is_date(date)).cloned();
    if let Some(date) = time.or_else(|| metas().next().filter(|_| !record.has_date())) {
        record.replace_text("date", date);
    }
}

/// The headline: what the page calls itself elsewhere, else its only large heading, else, unless it is stated in JSON-LD, its title
/// without the name of the site.
fn title(layout: &Layout, is_stated: bool) -> Option<String> {
    let site = layout.meta("og:site_name");
    let without_site = |title: &str| {
        let bare = site.and_then(|site| title.strip_suffix(site)).map(str::trim_end);
        let bare = bare.and_then(|bare| SITE_MARKS.iter().find_map(|mark| bare.strip_suffix(mark.trim_end())));
        bare.unwrap_or(title).to_owned()
    };
    let shared = layout.meta("og:title").or_else(|| layout.meta("twitter:title")).map(without_site);
    let named = || {
        let title = layout.title.clone().filter(|_| !is_stated)?;
        let cut = SITE_MARKS.iter().filter_map(|mark| title.rfind(mark)).max();
        // The name of a site is shorter than a headline.
        let cut = cut.filter(|cut| *cut > title.len() - cut);
        Some(cut.map_or(title.clone(), |cut| title[..cut].to_owned()))
    };
    let headings: Vec<&Block> = layout.blocks.iter().filter(|block| block.name == "h1").collect();
    let heading = || match headings[..] {
        [only] => Some(only.text.clone()),
        _ => None,
    };
    Some(shared.or_else(heading).or_else(named)?.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The date in an address such as `https://example.org/2022/02/05/talks`.
fn date_of_address(url: &str) -> Option<String> {
    let parts: Vec<&str> = url.split(['/', '?']).collect();
    let number = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let found = parts.windows(3).find(|part| number(part[0], 4) && number(part[1], 2) && number(part[2], 2))?;
    let date = found.join("-");
    is_date(&date).then_some(date)
}

#[cfg(test)]
mod tests {
    use crate::article::Article;
    use crate::corpus::told_of;

    const WORDS: &str =
        "The ministers met in Geneva on Saturday, and after nine hours of talks, they left without a word.";

    fn page(head: &str, body: &str) -> (Vec<Article>, Vec<String>) {
        told_of(
            "a.html",
            format!("<!DOCTYPE html><html lang=\"en\"><head>{head}</head><body>{body}</body></html>").as_bytes(),
        )
    }

    #[test]
    fn the_article_is_told_from_its_page() {
        let body = format!(
            "<nav><ul><li><a href='/'>Home page of the whole long site, with a comma</a></li></ul></nav>
            <div class='wrap has-tags content'><h1>Talks end</h1><p class='byline'>By Ann Lee</p><div class='story'>
            <p>{WORDS} Lead.</p><div class='inner'><p>{WORDS}</p><script>var p = '<p>{WORDS}</p>';</script><p>{WORDS} Again.</p><h2>What next</h2><ul><li>Some more talks, perhaps.</li></ul>
            <div class='related-content'><p>{WORDS} Related.</p></div><p style='display: none'>{WORDS} Hidden.</p><p><a href='/x'>Read this other long story of ours, it is good</a></p><p>The end, <img> and <nobr>no more</nobr>.</p></div></div>
            <div class='sidebar'><p>{WORDS} Beside.</p></div></div><footer><p>{WORDS} Below.</p></footer>"
        );
        let (articles, said) = page("<title>Talks end | The Gazette</title>", &body);
        assert!(said.is_empty(), "{said:?}");
        let expected = format!(
            "{WORDS} Lead.\n\n{WORDS}\n\n{WORDS} Again.\n\nWhat next\n\nSome more talks, perhaps.\n\nThe end, and no more."
        );
        assert_eq!((articles[0].title.as_str(), articles[0].text.as_str()), ("Talks end", expected.as_str()));
        assert_eq!(articles[0].language.as_deref(), Some("en"));
    }

    #[test]
    fn what_a_page_says_of_itself_is_believed() {
        let body = format!("<article><p>{WORDS}</p><p>{WORDS}</p></article>");
        let check = |head: &str, date: &str, title: &str| {
            let (articles, said) = page(head, &body);
            assert!(said.is_empty(), "{said:?}");
            let found = articles[0].date.map(|published| published.date.to_string()).unwrap_or_default();
            assert_eq!((found.as_str(), articles[0].title.as_str()), (date, title), "{head}");
        };
        check(
            "<meta property='article:published_time' content='2022-02-05T10:00:00Z'><meta property=og:title content='A &amp; B'>",
            "2022-02-05",
            "A & B",
        );
        check(
            "<script type='application/ld+json'>{\"headline\": \"A\", \"datePublished\": \"2022-02-05\"}</script>",
            "2022-02-05",
            "A",
        );
        check(
            "<link rel='canonical' href='https://example.org/2022/02/05/a'><title>A long name - Site</title>",
            "2022-02-05",
            "A long name",
        );
        check("<meta property=og:site_name content=Site><meta property=og:title content='A - Site'>", "", "A");
        check("<title>A</title>", "", "A");
        let beside = page(
            "",
            &format!("<article><time datetime='2022-02-05'>Saturday</time><p>{WORDS}</p><p>{WORDS}</p></article>"),
        );
        assert_eq!(beside.0[0].date.unwrap().date.to_string(), "2022-02-05");
    }

    #[test]
    fn a_page_that_is_called_after_its_sidebar_is_read() {
        let body = format!("<div class='two-columns-sidebar-right'><p>{WORDS}</p><p>{WORDS}</p></div>");
        assert_eq!(page("", &body).0[0].text, format!("{WORDS}\n\n{WORDS}"));
    }

    #[test]
    fn comments_are_not_the_article() {
        let comments = format!(
            "<section class='comments'>{}</section>",
            format!("<article class='comment'><p>{WORDS} Me too.</p></article>").repeat(6)
        );
        let (articles, _) =
            page("", &format!("<article><h1>Talks</h1><p>{WORDS}</p><p>{WORDS}</p></article>{comments}"));
        assert_eq!(articles[0].text, format!("{WORDS}\n\n{WORDS}"));
    }

    #[test]
    fn the_first_date_that_can_be_read_counts() {
        let check = |head: &str, body: &str, expected: &str| {
            let (articles, said) = page(head, &format!("{body}<article><p>{WORDS}</p><p>{WORDS}</p></article>"));
            assert!(said.is_empty(), "{said:?}");
            assert_eq!(
                articles[0].date.map(|published| published.date.to_string()).unwrap_or_default(),
                expected,
                "{head}{body}"
            );
        };
        let address = "<link rel='canonical' href='https://example.org/2022/02/05/a'>";
        check(&format!("<meta name=date content='some day'>{address}"), "", "2022-02-05");
        check(address, "<time datetime='2026-01-01'>now</time>", "2022-02-05");
        check(
            "",
            "<time datetime='PT2M'>2 minutes</time><div class=byline><time datetime='2022-02-05'>Saturday</time></div>",
            "2022-02-05",
        );
        check(
            "<script type='application/ld+json'>{\"datePublished\": \"0001-01-01T00:00:00\"}</script>",
            "<time datetime='2022-02-05'></time>",
            "2022-02-05",
        );
        let graph = "[{\"@type\": \"WebPage\", \"datePublished\": \"2015-01-01\"}, {\"@type\": \"NewsArticle\", \"datePublished\": \"2022-02-05\", \"author\": {\"@id\": \"x\"}}]";
        check(&format!("<script type='application/ld+json'>{{\"@graph\": {graph}}}</script>"), "", "2022-02-05");
    }

    #[test]
    fn a_page_without_an_article_says_so() {
        let check = |body: &str| assert_eq!(page("", body).1, ["no article found in this page"], "{body}");
        check("");
        check("<p>Too short.</p>");
        check("<nav><a href='/'>Home</a></nav>");
    }

    #[test]
    fn hostile_pages_cost_what_others_cost() {
        for piece in [
            "<div>",
            "</div>",
            "<p>a",
            "<a href='b'>",
            "<div class='c'",
            "<ul><li>",
            "<script>",
            "<meta name=a content=b>",
            "<time datetime=1>",
            "<",
        ] {
            page("", &piece.repeat(300_000 / piece.len()));
        }
    }
}
