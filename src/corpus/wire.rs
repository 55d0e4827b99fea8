//! Articles as news agencies send them in XML: NITF, NewsML-G2, and NewsML 1.
//!
//! The standards are those of the IPTC. Agencies fill them in very differently, so each fact is looked for in the places
//! where it is usually found, the most exact first.

use crate::corpus::element::{Carrier, Element};
use crate::corpus::key::Value;
use crate::corpus::markup;
use crate::corpus::record::{Record, is_unique};
use crate::date::dashed;

/// An article in NITF, alone in its document.
pub fn nitf(nitf: &Element, _: &Carrier) -> Option<Record> {
    let mut record = Record::default();
    let docdata =
        |path: &str, attribute: &str| Some(nitf.at("head/docdata")?.at(path)?.attribute(attribute)?.to_owned());
    let dates = [
        docdata("date.issue", "norm"),
        nitf.at("head/pubdata").and_then(|data| data.attribute("date.publication")).map(str::to_owned),
        docdata("date.release", "norm"),
        nitf.at("body/body.head/dateline/story.date").and_then(|date| date.attribute("norm")).map(str::to_owned),
    ];
    let head = nitf.at("body/body.head");
    let in_head = |path: &str| head?.text_at(path);
    record.put_text("text", nitf_body(nitf));
    record.put_text("title", nitf_title(nitf));
    record.put_text("date", dates.into_iter().flatten().next().map(|date| dashed(&date).into_owned()));
    // A number of the wire's own is one only with the name of the wire.
    let wire = docdata("doc-id", "regsrc").or_else(|| in_head("distributor/org")).or_else(|| in_head("distributor"));
    record.put_text(
        "id",
        docdata("doc-id", "id-string").map(|own| match wire {
            Some(wire) if !is_unique(&own) => format!("{wire}:{own}"),
            _ => own,
        }),
    );
    if let (Some(issued), Some(released)) = (docdata("date.issue", "norm"), docdata("date.release", "norm"))
        && released > issued
    {
        record.put_text("embargo", Some(released));
    }
    record.put_text(
        "source",
        in_head("distributor/org").or_else(|| in_head("distributor")).or_else(|| in_head("rights/rights.owner")),
    );
    let language = nitf.attribute("xml:lang").or_else(|| nitf.attribute("baselang"));
    record.put_text("language", language.map(str::to_owned));
    record.put_text(
        "status",
        nitf.at("head/docdata").and_then(|data| data.attribute("management-status")).map(str::to_owned),
    );
    let bylines = head.into_iter().flat_map(|head| head.elements().filter(|element| element.name == "byline"));
    let persons = bylines.filter_map(|byline| byline.text_at("person").or_else(|| byline.words())).filter_map(writer);
    record.put_named("authors", Value::List(persons.map(Value::Text).collect()));
    Some(record)
}

fn nitf_title(nitf: &Element) -> Option<String> {
    let headline = nitf.at("body/body.head/hedline/hl1").or_else(|| nitf.at("body/body.head/headline/hl1"));
    headline.and_then(Element::words).or_else(|| nitf.text_at("head/title"))
}

/// The body, or where there is none the abstract.
fn nitf_body(nitf: &Element) -> Option<String> {
    let parts = nitf.child("body")?.elements().filter(|element| element.name == "body.content");
    let text = parts.map(Element::prose).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    let short = || nitf.at("body/body.head/abstract").map(Element::prose);
    Some(text).filter(|text| !text.is_empty()).or_else(short)
}

/// An item of NewsML-G2. Of a picture or a film, its description is the text.
pub fn newsml_g2(item: &Element, _: &Carrier) -> Option<Record> {
    let (meta, content) = (item.child("itemMeta"), item.child("contentMeta"));
    let of_meta = |path: &str| meta?.text_at(path);
    let of_content = |path: &str| content?.text_at(path);
    let set = item.child("contentSet");
    let nitf_inside = set.and_then(|set| set.all("nitf").next());
    let body = set.and_then(g2_body).or_else(|| description(content?));
    let mut record = Record::default();
    record.put_text("text", body);
    let headline = content.and_then(|content| content.child("headline")).and_then(Element::words);
    record.put_text("title", headline.or_else(|| of_meta("title")).or_else(|| nitf_inside.and_then(nitf_title)));
    let dates = [
        of_meta("versionCreated"),
        of_content("contentCreated"),
        of_meta("firstCreated"),
        of_content("contentModified"),
    ];
    record.put_text("date", dates.into_iter().flatten().next());
    record.put_text("id", item.attribute("guid").map(str::to_owned));
    let tag = content.and_then(|content| content.child("language")).and_then(|language| language.attribute("tag"));
    record.put_text("language", tag.or_else(|| item.attribute("xml:lang")).map(str::to_owned));
    let source = content.and_then(|content| content.child("infoSource")).and_then(named);
    record.put_text("source", source.or_else(|| meta?.child("provider").and_then(named)));
    // `stat:usable` is a word of a list; what it means stands behind the colon.
    let status = meta.and_then(|meta| meta.child("pubStatus")).and_then(|status| status.attribute("qcode"));
    record.put_text("status", status.map(|status| status.rsplit(':').next().unwrap_or(status).to_owned()));
    record.put_text("embargo", of_meta("embargoed"));
    let bylines = || content.into_iter().flat_map(|content| content.elements().filter(|element| element.name == "by"));
    let mut persons: Vec<String> = bylines().filter_map(Element::words).filter_map(writer).collect();
    if persons.is_empty() {
        let creators =
            content.into_iter().flat_map(|content| content.elements().filter(|element| element.name == "creator"));
        persons.extend(creators.filter_map(|creator| creator.text_at("name")));
    }
    record.put_named("authors", Value::List(persons.into_iter().map(Value::Text).collect()));
    Some(record)
}

/// The words of the first part of a set that has any.
fn g2_body(set: &Element) -> Option<String> {
    set.elements().find_map(|part| {
        let text = match part.name.as_str() {
            "inlineXML" => match part.all("nitf").next() {
                Some(nitf) => nitf_body(nitf).unwrap_or_default(),
                None => part.prose(),
            },
            "inlineData" => data(part).unwrap_or_default(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    })
}

/// Text, or HTML that is written as text.
fn data(part: &Element) -> Option<String> {
    let says_else = |kind: &str| !["text", "html", "xml"].iter().any(|known| kind.contains(known));
    if part.attribute("encoding").is_some() || part.attribute("contenttype").is_some_and(says_else) {
        return None;
    }
    let text = part.text()?;
    let says_html = part.attribute("contenttype").is_some_and(|kind| kind.contains("html"));
    Some(if says_html || looks_like_html(&text) { markup::prose(&text) } else { text })
}

/// How the tags begin by which HTML is told from text with a `<` in it.
const HTML_TAGS: [&[u8]; 9] = [b"<p>", b"<p ", b"</p", b"<br", b"<di", b"<ta", b"<ul", b"<h1", b"<h2"];

fn looks_like_html(text: &str) -> bool {
    let tags = text.as_bytes().windows(3).filter(|window| window[0] == b'<');
    tags.map(<[u8]>::to_ascii_lowercase).any(|tag| HTML_TAGS.contains(&&*tag))
}

/// What a picture shows.
fn description(content: &Element) -> Option<String> {
    let text = content.child("description")?.prose();
    Some(text).filter(|text| !text.is_empty())
}

/// The name of a party: spelled out, or else as the code that stands for it.
fn named(party: &Element) -> Option<String> {
    let code = || party.attribute("qcode").map(|code| code.rsplit(':').next().unwrap_or(code));
    party.text_at("name").or_else(|| party.attribute("literal").or_else(code).map(str::to_owned))
}

/// An item of NewsML 1.
pub fn newsml(item: &Element, _: &Carrier) -> Option<Record> {
    let first = |name: &str| item.all(name).find_map(Element::words);
    let named = |name: &str| item.all(name).find_map(|element| element.attribute("FormalName")).map(str::to_owned);
    let mut record = Record::default();
    record.put_text("text", item.all("DataContent").find_map(newsml_body));
    record.put_text("title", first("HeadLine").or_else(|| first("NewsLine")).or_else(|| first("SlugLine")));
    let dates = ["ThisRevisionCreated", "FirstCreated", "DateId"];
    record.put_text("date", dates.iter().find_map(|name| first(name)).map(|date| dashed(&date).into_owned()));
    record.put_text("id", newsml_id(item));
    let language = item.attribute("xml:lang").map(str::to_owned);
    record.put_text("language", named("Language").or(language));
    let party = |name: &str| Some(item.all(name).next()?.child("Party")?.attribute("FormalName")?.to_owned());
    record.put_text("source", party("Provider").or_else(|| party("Source")));
    record.put_text("status", named("Status"));
    let change = item.all("StatusWillChange").next();
    record.put_text(
        "embargo",
        change
            .filter(|_| named("Status").is_some_and(|status| status == "Embargoed"))
            .and_then(|change| change.text_at("DateAndTime")),
    );
    record.put_named("authors", Value::List(first("ByLine").and_then(writer).map(Value::Text).into_iter().collect()));
    Some(record)
}

/// The name of an item, the same for all its revisions: a correction takes the place of what it corrects.
fn newsml_id(item: &Element) -> Option<String> {
    let own = item.at("Identification/NewsIdentifier")?;
    let parts = ["ProviderId", "DateId", "NewsItemId"].map(|part| own.text_at(part));
    let [Some(provider), Some(date), Some(number)] = parts else { return own.text_at("PublicIdentifier") };
    Some(format!("urn:newsml:{provider}:{}:{number}", date.split('T').next().unwrap_or(&date)))
}

/// The words of a part: NITF, paragraphs, or text that may be HTML.
fn newsml_body(part: &Element) -> Option<String> {
    let text = match part.all("nitf").next() {
        Some(nitf) => nitf_body(nitf)?,
        None if part.elements().next().is_some() => part.prose(),
        None => data(part)?,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The name in a byline, without the word that leads to it.
fn writer(byline: String) -> Option<String> {
    let byline = byline.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = match byline.get(..3) {
        Some(lead) if lead.eq_ignore_ascii_case("by ") => byline[3..].trim(),
        _ => byline.as_str(),
    };
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, ArticleId, Standing};
    use crate::corpus::told_of;

    const OWN: [&str; 3] =
        ["Example Wire:wire-2022-0001", "urn:newsml:example.org:1", "urn:newsml:example.org:20220205:1"];

    fn only(document: &str) -> Article {
        let (mut articles, said) = told_of("wire.xml", document.as_bytes());
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(articles.len(), 1);
        articles.remove(0)
    }

    /// Title, text, date, id, source, language, authors.
    fn shown(article: &Article) -> String {
        let date = article.date.map(|published| published.date.to_string()).unwrap_or_default();
        let (source, language) = (article.source.as_deref().unwrap_or(""), article.language.as_deref().unwrap_or(""));
        let own = OWN.iter().find(|own| ArticleId::from_own(own) == article.id).unwrap_or(&"");
        [&article.title, &article.text, &date, *own, source, language, &article.authors.join(", ")].join("|")
    }

    const NITF: &str = r#"<nitf xml:lang="en-US"><head><title>Slug</title><docdata management-status="usable">
        <doc-id id-string="wire-2022-0001"/><date.issue norm="20220205T223000+0000"/></docdata></head><body><body.head>
        <hedline><hl1>Ministers meet</hl1></hedline><byline>By <person>Ann Lee</person></byline><distributor>Example Wire</distributor>
        </body.head><body.content><p>GENEVA &#8212; Ministers met.</p><media><media-caption>A picture.</media-caption></media>
        <p>They <em>left</em>.</p></body.content><body.end><tagline>end</tagline></body.end></body></nitf>"#;

    #[test]
    fn nitf_is_read() {
        let expected = "Ministers meet|GENEVA — Ministers met.\n\nThey left.|2022-02-05|Example Wire:wire-2022-0001|Example Wire|en|Ann Lee";
        assert_eq!(shown(&only(NITF)), expected);
        let killed = NITF.replace("\"usable\"", "\"canceled\"");
        assert_eq!(only(&killed).standing, Standing::Withdrawn);
    }

    fn g2(inside: &str) -> String {
        format!(
            r#"<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:newsml:example.org:1" xml:lang="en">
            <itemMeta><provider literal="EXW"/><versionCreated>2022-02-05T10:00:00Z</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
            <contentMeta><by>By Ann Lee</by><headline>Ministers meet</headline></contentMeta><contentSet>{inside}</contentSet>
            </newsItem></itemSet></newsMessage>"#
        )
    }

    #[test]
    fn newsml_g2_is_read_whatever_its_body_is() {
        let check = |inside: &str, text: &str| {
            let expected = format!("Ministers meet|{text}|2022-02-05|urn:newsml:example.org:1|EXW|en|Ann Lee");
            assert_eq!(shown(&only(&g2(inside))), expected);
        };
        let page = r#"<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>One.</p><p>Two.</p></body></html></inlineXML>"#;
        check(page, "One.\n\nTwo.");
        check("<inlineData contenttype=\"text/plain\">One.\n\nTwo.</inlineData>", "One.\n\nTwo.");
        check("<inlineData>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineData>", "One.\n\nTwo.");
        check(&format!("<inlineXML>{NITF}</inlineXML>"), "GENEVA — Ministers met.\n\nThey left.");
    }

    #[test]
    fn days_may_have_no_dashes() {
        assert!(shown(&only(&NITF.replace("20220205T223000+0000", "20220205"))).contains("|2022-02-05|"));
    }

    #[test]
    fn an_embargo_of_newsml_g2_holds() {
        let held = g2("<inlineData>Words.</inlineData>")
            .replace("<pubStatus", "<embargoed>2030-01-01T00:00:00Z</embargoed><pubStatus");
        assert!(matches!(only(&held).standing, Standing::Embargoed(_)));
    }

    #[test]
    fn newsml_1_is_read() {
        let document = r#"<NewsML><NewsEnvelope/><NewsItem xml:lang="en"><Identification><NewsIdentifier>
            <ProviderId>example.org</ProviderId><DateId>20220205</DateId><NewsItemId>1</NewsItemId><RevisionId>2</RevisionId>
            <PublicIdentifier>urn:newsml:example.org:20220205:1:2A</PublicIdentifier></NewsIdentifier></Identification>
            <NewsManagement><ThisRevisionCreated>20220205T100000+0000</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
            <NewsComponent><NewsLines><HeadLine>Ministers meet</HeadLine><ByLine>by Ann Lee</ByLine></NewsLines>
            <AdministrativeMetadata><Provider><Party FormalName="EXW"/></Provider></AdministrativeMetadata>
            <ContentItem><DataContent><p>One.</p><p>Two.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"#;
        let expected = "Ministers meet|One.\n\nTwo.|2022-02-05|urn:newsml:example.org:20220205:1|EXW|en|Ann Lee";
        assert_eq!(shown(&only(document)), expected);
    }

    #[test]
    fn bylines_lose_their_lead() {
        let check = |byline: &str, expected: Option<&str>| assert_eq!(writer(byline.to_owned()).as_deref(), expected);
        check("By Ann Lee", Some("Ann Lee"));
        check("Byron\n Lee", Some("Byron Lee"));
        check("Éva", Some("Éva"));
        check("  ", None);
    }
}
