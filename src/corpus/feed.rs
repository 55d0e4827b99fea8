//! Articles of feeds: RSS 0.9 to 2.0 with its modules, RSS 1.0 (RDF), Atom, and WordPress exports, which are RSS 2.0.

use crate::corpus::element::{Carrier, Element};
use crate::corpus::key::Value;
use crate::corpus::markup;
use crate::corpus::record::{Record, is_date, is_unique};
use crate::date::Provenance;

/// Where the words of an item stand, the most complete first.
const BODIES: [&str; 8] = [
    "content:encoded",
    "content",
    "media:content/media:description",
    "description",
    "summary",
    "media:group/media:description",
    "media:description",
    "itunes:summary",
];

/// When an item came out, the best known first.
const DATES: [&str; 7] =
    ["pubDate", "dc:date", "published", "dcterms:issued", "dcterms:created", "updated", "dcterms:modified"];

/// What sorts of posts of a WordPress export are no articles; sites have sorts of their own for those that are.
const NO_ARTICLES: [&str; 12] = [
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
];

/// More authors than this of one item are passed over.
const MOST_AUTHORS: usize = 100;

/// Makes a record of an item or an entry.
pub fn record(item: &Element, feed: &Carrier) -> Option<Record> {
    if item.text_at("wp:post_type").is_some_and(|sort| NO_ARTICLES.contains(&sort.as_str())) {
        return None;
    }
    let title = item.child("title").or_else(|| item.child("media:title")).and_then(words);
    let body = BODIES.iter().filter_map(|path| item.at(path)).find_map(body);
    let mut record = Record::default();
    record.published_by(Provenance::Feed);
    let mut put = |key: &str, value: Option<String>| record.put_text(key, value);
    put("text", body);
    put("title", title);
    let dates = || DATES.iter().filter_map(|path| item.text_at(path));
    put("date", dates().find(|date| is_date(date)).or_else(|| dates().next()));
    let (own, url) = (item.text_at("guid").or_else(|| item.text_at("id")), address(item));
    put("id", identity(own, url.as_deref()));
    put("url", url);
    put("source", item.text_at("source/title").or_else(|| item.text_at("source")).or_else(|| feed.title.clone()));
    let language = item.text_at("dc:language").or_else(|| item.attribute("xml:lang").map(str::to_owned));
    put("language", language.or_else(|| feed.language.clone()));
    put("status", item.text_at("wp:status").filter(|status| status != "publish").map(|_| "withheld".to_owned()));
    record.put_named("authors", Value::List(authors(item).into_iter().map(Value::Text).collect()));
    Some(record.or_headline())
}

/// A title in one run of words: it may be text, or text that is HTML.
fn words(title: &Element) -> Option<String> {
    let text = if title.attribute("type") == Some("xhtml") { title.prose() } else { markup::prose(&title.text()?) };
    (!text.is_empty()).then_some(text)
}

/// The prose of a body. In RSS it is HTML, in Atom what its type says.
fn body(content: &Element) -> Option<String> {
    let text = match content.attribute("type") {
        Some("text" | "text/plain") => content.text()?,
        Some("xhtml") => content.prose(),
        Some(kind) if kind.ends_with("xml") => content.prose(),
        Some(kind) if kind.contains('/') && !kind.contains("html") => return None,
        _ => html(&content.text()?),
    };
    (!text.is_empty()).then_some(text)
}

/// The prose of a body in HTML. Without a tag for them, blank lines part its paragraphs, as in the editor of WordPress.
fn html(body: &str) -> String {
    let has_paragraphs = body.as_bytes().windows(2).any(|window| window.eq_ignore_ascii_case(b"<p"));
    if has_paragraphs { markup::prose(body) } else { markup::prose(&body.replace("\r\n", "\n").replace("\n\n", "<p>")) }
}

/// What an item is known by in the whole world: its own identifier, or its address, together with a number that is one in the
/// feed only.
fn identity(own: Option<String>, url: Option<&str>) -> Option<String> {
    let url = url.filter(|url| is_unique(url));
    match own {
        Some(own) if is_unique(&own) => Some(own),
        Some(own) => url.map(|url| format!("{url}#{own}")),
        None => url.map(str::to_owned),
    }
}

fn authors(item: &Element) -> Vec<String> {
    let mut authors: Vec<String> = Vec::new();
    let named =
        item.elements().filter(|element| matches!(element.name.as_str(), "author" | "dc:creator" | "itunes:author"));
    for author in named.take(MOST_AUTHORS) {
        let name = author.text_at("name").or_else(|| author.text()).map(person);
        authors.extend(name.filter(|name| !name.is_empty() && !authors.contains(name)).as_slice().iter().cloned());
    }
    authors
}

/// The name in `mail@address (Name)`, as RSS writes authors.
fn person(written: String) -> String {
    match written.split_once('(') {
        Some((address, name)) if address.contains('@') => name.trim_end_matches(')').trim().to_owned(),
        _ => written,
    }
}

fn address(item: &Element) -> Option<String> {
    let leads = |link: &&Element| link.attribute("rel").is_none_or(|rel| rel == "alternate");
    let links = || item.elements().filter(|element| element.name == "link");
    let link = links().filter(leads).find_map(|link| link.attribute("href").map(str::to_owned).or_else(|| link.text()));
    let permanent = || item.child("guid").filter(|guid| guid.attribute("isPermaLink") != Some("false"))?.text();
    link.or_else(permanent).filter(|address| address.starts_with("http://") || address.starts_with("https://"))
}

#[cfg(test)]
mod tests {
    use super::identity;
    use crate::article::{Article, Standing};
    use crate::corpus::told_of;
    use crate::date::Provenance;

    /// The articles of a document, and what was said of it.
    fn read(document: &str) -> (Vec<Article>, Vec<String>) {
        told_of("feed.xml", document.as_bytes())
    }

    /// The only article of a feed with this item.
    fn item(inside: &str) -> Article {
        let document = format!(
            r#"<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:d="http://purl.org/dc/elements/1.1/"
            xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>The &amp;quot;Gazette&amp;quot;</title><language>en-gb</language>
            <item>{inside}</item></channel></rss>"#
        );
        let (mut articles, said) = read(&document);
        assert!(said.is_empty(), "{said:?}");
        articles.pop().unwrap()
    }

    #[test]
    fn items_of_rss_are_articles() {
        let article = item(
            "<title>Talks &amp;amp; truce</title><link>https://example.org/1</link><pubDate>Sat, 05 Feb 2022 10:00:00 GMT</pubDate>
            <guid isPermaLink='false'>5</guid><author>desk@example.org (Ann Lee)</author><d:creator>Bo Ek</d:creator>
            <description>Short.</description><content:encoded><![CDATA[<p>First.</p><p>Second.</p>]]></content:encoded>",
        );
        assert_eq!((article.title.as_str(), article.text.as_str()), ("Talks & truce", "First.\n\nSecond."));
        let date = article.date.unwrap();
        assert_eq!((date.date.to_string().as_str(), date.provenance), ("2022-02-05", Provenance::Feed));
        assert_eq!(article.url.as_deref(), Some("https://example.org/1"));
        assert_eq!(article.authors, ["Ann Lee", "Bo Ek"]);
        assert_eq!((article.source.as_deref(), article.language.as_deref()), (Some("The \"Gazette\""), Some("en")));
    }

    #[test]
    fn items_are_known_by_what_is_one_in_the_world() {
        let check = |own: Option<&str>, url: Option<&str>, expected: Option<&str>| {
            assert_eq!(identity(own.map(str::to_owned), url).as_deref(), expected, "{own:?} {url:?}");
        };
        check(Some("tag:example.org,2022:1"), Some("https://example.org/1"), Some("tag:example.org,2022:1"));
        check(Some("5"), Some("https://example.org/1"), Some("https://example.org/1#5"));
        check(Some("5"), Some("https://example.org/"), None);
        check(None, Some("https://example.org/1"), Some("https://example.org/1"));
        check(Some("https://example.org/"), None, None);
    }

    #[test]
    fn the_most_complete_words_of_an_item_are_its_text() {
        let check = |inside: &str, expected: &str| assert_eq!(item(inside).text, expected, "{inside}");
        check("<title>Headline only</title>", "Headline only");
        check("<description>&lt;p&gt;One.&lt;/p&gt;Two.</description>", "One.\n\nTwo.");
        check("<description>A &amp; B</description><content:encoded> </content:encoded>", "A & B");
        check("<description>left &unknown; &hellip;</description>", "left &unknown; …");
    }

    #[test]
    fn entries_of_atom_are_articles() {
        let (articles, said) = read(
            r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="de"><a:title>Blatt</a:title><a:entry>
            <a:title type="html">Ein &lt;b&gt;Titel&lt;/b&gt;</a:title><a:id>tag:example.org,2022:eins</a:id>
            <a:link rel="self" href="https://example.org/self"/><a:link href="https://example.org/eins"/>
            <a:updated>2022-02-06T01:00:00+02:00</a:updated><a:published>2022-02-05T23:30:00Z</a:published>
            <a:author><a:name>Ann Lee</a:name><a:uri>https://example.org</a:uri></a:author>
            <a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins.</p><p>Zwei<br/>drei.</p></div></a:content>
            </a:entry><a:entry><a:title>Zweiter</a:title><a:summary>Kurz &lt; lang.</a:summary></a:entry></a:feed>"#,
        );
        assert!(said.is_empty(), "{said:?}");
        let [first, second] = &articles[..] else { panic!("{articles:?}") };
        assert_eq!((first.title.as_str(), first.text.as_str()), ("Ein Titel", "Eins.\n\nZwei\ndrei."));
        assert_eq!(first.date.unwrap().date.to_string(), "2022-02-05");
        assert_eq!(first.url.as_deref(), Some("https://example.org/eins"));
        assert_eq!((first.source.as_deref(), first.language.as_deref()), (Some("Blatt"), Some("de")));
        assert_eq!(first.authors, ["Ann Lee"]);
        assert_eq!((second.text.as_str(), second.date), ("Kurz < lang.", None));
    }

    #[test]
    fn rss_1_has_its_items_beside_the_channel() {
        let (articles, said) = read(
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Wire</title></channel>
            <item rdf:about="x"><title>One</title><description>Words.</description><dc:date>2022-02-05</dc:date></item></rdf:RDF>"#,
        );
        assert!(said.is_empty(), "{said:?}");
        assert_eq!((articles[0].source.as_deref(), articles[0].text.as_str()), (Some("Wire"), "Words."));
    }

    #[test]
    fn posts_of_a_blog_are_articles_and_its_menus_are_not() {
        let check = |sort: &str, status: &str, expected: &[Standing]| {
            let (articles, _) = read(&format!(
                r#"<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>T</title><description>Words.</description>
                <wp:post_type>{sort}</wp:post_type><wp:status>{status}</wp:status></item></channel></rss>"#
            ));
            let found: Vec<Standing> = articles.iter().map(|article| article.standing).collect();
            assert_eq!(found.len(), expected.len(), "{sort} {status}");
            assert!(
                found.iter().zip(expected).all(|(a, b)| std::mem::discriminant(a) == std::mem::discriminant(b)),
                "{found:?}"
            );
        };
        check("post", "publish", &[Standing::Usable]);
        check("press_release", "publish", &[Standing::Usable]);
        check("post", "draft", &[Standing::Embargoed(crate::date::Moment(0))]);
        check("nav_menu_item", "publish", &[]);
        check("attachment", "inherit", &[]);
    }
}
