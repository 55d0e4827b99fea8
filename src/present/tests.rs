//! What holds for every format: the JSON shapes to the letter, and that nothing hostile gets out.

use proptest::prelude::*;

use super::sanitize::is_hostile;
use super::*;
use crate::article::ArticleId;

fn shown(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_hit_has_the_documented_shape() {
    let check = |change: fn(&mut crate::hits::Hit), expected: &str| {
        let mut hit = sample::hit();
        change(&mut hit);
        let page = sample::hits(vec![hit]);
        assert_eq!(shown(|out| hits(out, &page, Format::Jsonl, &Style::PLAIN)), format!("{expected}\n"));
    };
    check(
        |_| (),
        r#"{"rank":1,"id":"b3k0x7q2m9wd","path":"2022/summit.txt","ordinal":0,"title":"Xi and Putin meet before the Games","date":"2022-02-04","date_precision":"day","source":"Example Wire","url":"https://example.org/summit","language":"en","score":7.1,"relevance":8.2,"recency":0.87,"actors":[{"id":"person:xi-jinping","name":"Xi Jinping","kind":"person"},{"id":"person:vladimir-putin","name":"Vladimir Putin","kind":"person"}],"quotes":6,"snippets":[{"text":"Xi met Putin in Beijing before the Games.","marks":[[7,12]],"paragraph":1}]}"#,
    );
    check(
        |hit| {
            hit.date = None;
            (hit.source, hit.url, hit.language) = (None, None, None);
            (hit.actors, hit.snippets) = (Vec::new(), Vec::new());
            hit.parts.relevance = 0.0;
        },
        r#"{"rank":1,"id":"b3k0x7q2m9wd","path":"2022/summit.txt","ordinal":0,"title":"Xi and Putin meet before the Games","date":null,"date_precision":null,"source":null,"url":null,"language":null,"score":7.1,"relevance":0.0,"recency":0.87,"actors":[],"quotes":6,"snippets":[]}"#,
    );
    check(
        |hit| {
            *hit = sample::explained_hit();
            hit.date = sample::date("2022-02");
            hit.actors.clear();
            hit.snippets[0].marks.push(Span { start: 40, end: 99 });
        },
        r#"{"rank":1,"id":"b3k0x7q2m9wd","path":"2022/summit.txt","ordinal":0,"title":"Xi and Putin meet before the Games","date":"2022-02","date_precision":"month","source":"Example Wire","url":"https://example.org/summit","language":"en","score":7.1,"relevance":8.2,"recency":0.87,"actors":[],"quotes":6,"snippets":[{"text":"Xi met Putin in Beijing before the Games.","marks":[[7,12]],"paragraph":1}],"explain":{"terms":[{"term":"nato","score":4.1,"fields":[{"field":"text","score":3.0},{"field":"title","score":1.1}]}],"age_days":-310,"sentence":"score 7.1 = relevance 8.2 × recency 0.87 (310 days from 2022-12-12)"}}"#,
    );
}

#[test]
fn a_quote_has_the_documented_shape() {
    let check = |change: fn(&mut QuoteHit), expected: &str| {
        let mut quote = sample::quote();
        change(&mut quote);
        assert_eq!(shown(|out| quotes(out, &[quote], Format::Jsonl, &Style::PLAIN)), format!("{expected}\n"));
    };
    check(
        |_| (),
        r#"{"article":"b3k0x7q2m9wd","path":"2022/summit.txt","date":"2022-02-04","speakers":[{"id":"person:xi-jinping","name":"Xi Jinping"}],"kind":"direct","text":"We stand back to back","cue":"said","start":31,"end":52,"confidence":0.9,"rule":"quote-said-name","date_precision":"day","title":"Xi and Putin meet before the Games","source":"Example Wire","url":"https://example.org/summit"}"#,
    );
    check(
        |quote| {
            quote.speakers.clear();
            (quote.date, quote.cue) = (None, None);
            (quote.source, quote.url) = (None, None);
            quote.confidence = 1.0 / 3.0;
        },
        r#"{"article":"b3k0x7q2m9wd","path":"2022/summit.txt","date":null,"speakers":[],"kind":"direct","text":"We stand back to back","cue":null,"start":31,"end":52,"confidence":0.33,"rule":"quote-said-name","date_precision":null,"title":"Xi and Putin meet before the Games","source":null,"url":null}"#,
    );
}

#[test]
fn an_extraction_has_the_documented_shape() {
    let check = |change: fn(&mut Article, &mut Facts), expected: &str| {
        let (mut article, mut facts) = (sample::article(), sample::facts());
        change(&mut article, &mut facts);
        let extracted = shown(|out| extract(out, &article, &facts));
        assert_eq!(extracted, format!("{expected}\n"));
        assert_eq!(shown(|out| super::article(out, &article, &facts, &[], Format::Json, &Style::PLAIN)), extracted);
    };
    check(
        |_, facts| {
            facts.actors.truncate(1);
            facts.actors[0].roles.push("president".into());
        },
        r#"{"path":"2022/summit.txt","ordinal":0,"id":"b3k0x7q2m9wd","date":"2022-02-04","date_precision":"day","title":"Xi and Putin meet before the Games","language":"en","text_offset":17,"text":"Xi met Putin in Beijing.\n\n“We stand back to back,” Xi said.","countries":["CN","RU"],"actors":[{"id":"person:vladimir-putin","kind":"person","name":"Vladimir Putin","country":"RU","roles":["president"],"salience":1.0,"mentions":[{"start":7,"end":12,"text":"Putin","form":"name","confidence":0.75,"rule":"name"}]}],"quotes":[{"parts":[{"start":29,"end":51,"text":"We stand back to back,"}],"kind":"direct","cue":{"start":58,"end":62,"text":"said"},"source":null,"speakers":["person:xi-jinping"],"confidence":0.9,"rule":"quote-name-said"}],"source":"Example Wire","url":"https://example.org/summit","authors":["A. Writer","B. Writer"]}"#,
    );
    check(
        |article, facts| {
            *facts = Facts { language: Some("ru".into()), ..Facts::default() };
            (article.date, article.text_offset) = (None, None);
            article.text = "Да.".into();
        },
        r#"{"path":"2022/summit.txt","ordinal":0,"id":"b3k0x7q2m9wd","date":null,"date_precision":null,"title":"Xi and Putin meet before the Games","language":"ru","text_offset":null,"text":"Да.","countries":[],"actors":[],"quotes":[],"source":"Example Wire","url":"https://example.org/summit","authors":["A. Writer","B. Writer"]}"#,
    );
}

#[test]
fn json_strings_command_no_terminal_and_mean_the_same() {
    let check = |title: &str, expected: &str| {
        let mut hit = sample::hit();
        hit.title = title.to_owned();
        let line = shown(|out| hits(out, &sample::hits(vec![hit]), Format::Jsonl, &Style::PLAIN));
        assert!(line.contains(&format!("\"title\":\"{expected}\"")), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["title"], title);
    };
    check("習近平 “é” 👩‍👧", "習近平 “é” 👩‍👧");
    check("a\u{1b}[2J\n", r"a\u001b[2J\n");
    check("\u{7f}\u{9b}31m\u{85}", r"\u007f\u009b31m\u0085");
    check("\u{2028}x\u{202e}y\u{61c}", r"\u2028x\u202ey\u061c");
    check("z\u{e0041}", r"z\udb40\udc41");
}

#[test]
fn an_article_in_lines_has_a_line_for_each_paragraph() {
    let mut article = sample::article();
    article.text = format!("{}\nend.\n\nNext.", "word ".repeat(200));
    let page = shown(|out| super::article(out, &article, &Facts::default(), &[], Format::Lines, &Style::PLAIN));
    assert!(page.contains("word word end.\n\n  Next.\n"), "{page}");
}

#[test]
fn an_article_is_not_a_row() {
    for format in [Format::Csv, Format::Tsv] {
        let refused =
            super::article(&mut Vec::new(), &sample::article(), &Facts::default(), &[], format, &Style::PLAIN);
        assert_eq!(refused.unwrap_err().blame(), crate::error::Blame::User);
    }
}

#[test]
fn formats_go_by_their_names() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(Format::from_name("xml"), None);
}

/// Takes our own looks and links out of `text`; what is left must be harmless.
fn without_our_sequences(text: &str) -> String {
    let mut rest = text;
    let mut left = String::new();
    while let Some(at) = rest.find('\x1b') {
        left.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = match rest.strip_prefix("]8;;") {
            Some(link) => link.find("\x1b\\").map(|end| end + 6),
            None => rest.strip_prefix('[').and_then(|look| look.find('m')).map(|end| end + 2),
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => left.push('\x1b'),
        }
    }
    left + rest
}

fn everything(text: &str, spans: &[Span], format: Format, style: &Style) -> String {
    let mut hit = sample::explained_hit();
    (hit.id, hit.path, hit.title) = (text.into(), text.into(), text.into());
    (hit.source, hit.url, hit.language) = (Some(text.into()), Some(format!("https://{text}")), Some(text.into()));
    hit.actors = vec![sample::actor(text, text)];
    hit.parts.terms[0].term = text.into();
    hit.parts.terms[0].fields[0].0 = text.into();
    hit.snippets[0].text = text.into();
    hit.snippets[0].marks = spans.to_vec();
    let mut quote = sample::quote();
    (quote.article, quote.path, quote.title) = (text.into(), text.into(), text.into());
    (quote.source, quote.cue, quote.text, quote.rule) =
        (Some(text.into()), Some(text.into()), text.into(), text.into());
    quote.speakers = vec![sample::actor(text, text)];
    quote.marks = spans.to_vec();
    let mut article = sample::article();
    article.id = ArticleId::from_stored(text);
    (article.title, article.text, article.origin.path) = (text.into(), text.into(), text.into());
    (article.source, article.url, article.authors) = (Some(text.into()), hit.url.clone(), vec![text.into()]);
    let mut facts = sample::facts();
    facts.actors[0].name = text.into();
    facts.actors[0].mentions[0].span = spans.first().copied().unwrap_or(Span { start: 1, end: 0 });
    facts.quotes[0].parts = spans.to_vec();
    facts.quotes[0].speakers = vec![text.into(), facts.actors[0].id.clone()];
    let rows = vec![("text", Value::Text(text.into())), ("list", Value::List(vec![text.into()]))];
    shown(|out| {
        hits(out, &sample::hits(vec![hit]), format, style)?;
        quotes(out, &[quote], format, style)?;
        report(out, &Report { rows }, format, style)?;
        match format {
            Format::Csv | Format::Tsv => Ok(()),
            _ => super::article(out, &article, &facts, spans, format, style),
        }
    })
}

proptest! {
    #[test]
    fn nothing_hostile_gets_out(text in sample::hostile(), spans in sample::spans(), width in 0usize..90) {
        let plain = Style { color: false, links: false, width };
        for format in Format::ALL {
            let shown = everything(&text, &spans, format, &plain);
            let csv = format == Format::Csv;
            let hostile = |c: char| is_hostile(c) && !matches!(c, '\n' | '\t') && !(csv && c == '\r');
            prop_assert!(!shown.contains(hostile), "{format:?} {shown:?}");
        }
        let colored = everything(&text, &spans, Format::Text, &Style { color: true, links: true, width });
        let left = without_our_sequences(&colored);
        prop_assert!(!left.contains(|c| is_hostile(c) && !matches!(c, '\n' | '\t')), "{colored:?}");
    }

    #[test]
    fn lines_keep_their_columns(text in sample::hostile()) {
        let mut hit = sample::hit();
        (hit.title, hit.path, hit.source) = (text.clone(), text.clone(), Some(text.clone()));
        let mut quote = sample::quote();
        (quote.text, quote.source) = (text.clone(), Some(text));
        let lines = shown(|out| hits(out, &sample::hits(vec![hit]), Format::Lines, &Style::PLAIN));
        prop_assert_eq!((lines.matches('\n').count(), lines.matches('\t').count()), (1, 4));
        let lines = shown(|out| quotes(out, &[quote], Format::Lines, &Style::PLAIN));
        prop_assert_eq!((lines.matches('\n').count(), lines.matches('\t').count()), (1, 5));
    }
}
