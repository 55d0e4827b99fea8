//! A timeline as a drawing: bars, a scale, a title; readable on light and dark ground, the same bytes every time.

use std::fmt::Write as _;
use std::io::Write;

use super::number::thousands;
use super::sanitize;
use crate::error::{Error, Result};
use crate::hits::{Compared, Share, Timeline};

/// Size of the drawing, and the room around the bars, in its own units.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;

/// The widest a bar may be.
const WIDEST_BAR: f64 = 60.0;

/// About how many periods are named below the bars.
const NAMES: usize = 12;

const STYLE: &str = "svg{background:#fff;font:12px sans-serif}text{fill:#222}.bar{fill:#36648b}.other{fill:#999}\
line{stroke:#ccc}@media(prefers-color-scheme:dark){svg{background:#111}text{fill:#ddd}.bar{fill:#7fb2dd}\
.other{fill:#777}line{stroke:#444}}.s1{fill:#c8502d}.s2{fill:#4f8a3c}.s3{fill:#8a5fa8}.s4{fill:#b08a1e}.s5{fill:#3f9a9a}";

const END: &str = "</svg>\n";

/// The room for the names of questions below the drawing, and the characters that one may take.
const LEGEND_HEIGHT: f64 = 40.0;
const LEGEND: usize = 36;

/// One bar of the drawing.
struct Bar<'a> {
    label: &'a str,
    of: Share,
    /// It stands for no period: imprecise or undated articles.
    other: bool,
}

/// Draws a timeline: bars as high as the number of articles, or as their share of all articles if `by_share`.
///
/// # Errors
/// It cannot be written.
pub fn timeline_svg(out: &mut dyn Write, title: &str, found: &Timeline, by_share: bool) -> Result<()> {
    let others = [("imprecise", found.vague), ("undated", found.undated)];
    let bins = found.bins.iter().map(|bin| Bar { label: &bin.label, of: bin.articles, other: false });
    let others = others.into_iter().filter(|(_, of)| of.hits > 0).map(|(label, of)| Bar { label, of, other: true });
    let bars: Vec<Bar<'_>> = bins.chain(others).collect();
    out.write_all(drawing(title, &[bars], by_share).as_bytes()).map_err(Error::output)
}

/// Draws several timelines that share an axis, their bars side by side, each question with a colour of its own.
///
/// # Errors
/// It cannot be written.
pub fn comparison_svg(out: &mut dyn Write, found: &[Compared], by_share: bool) -> Result<()> {
    let any = |of: fn(&Timeline) -> Share| found.iter().any(|one| of(&one.timeline).hits > 0);
    let (vague, undated) = (any(|timeline| timeline.vague), any(|timeline| timeline.undated));
    let bars = |one: &'_ Compared| {
        let others = [("imprecise", one.timeline.vague, vague), ("undated", one.timeline.undated, undated)];
        let bins = one.timeline.bins.iter().map(|bin| (bin.label.clone(), bin.articles, false));
        let others = others.into_iter().filter(|(.., shown)| *shown).map(|(label, of, _)| (label.to_owned(), of, true));
        bins.chain(others).collect::<Vec<_>>()
    };
    let owned: Vec<Vec<(String, Share, bool)>> = found.iter().map(bars).collect();
    let rows: Vec<Vec<Bar<'_>>> = owned
        .iter()
        .map(|bars| bars.iter().map(|(label, of, other)| Bar { label, of: *of, other: *other }).collect())
        .collect();
    let title = found.iter().map(|one| one.query.as_str()).collect::<Vec<_>>().join(" | ");
    let mut svg = drawing(&title, &rows, by_share);
    svg.truncate(svg.len() - END.len());
    for (at, one) in found.iter().enumerate() {
        // Two lines of three below the periods.
        let (x, y) = (LEFT + (at % 3) as f64 * (WIDTH - LEFT) / 3.0, HEIGHT + 14.0 + (at / 3) as f64 * 18.0);
        let name = escaped(&shortened(&one.query));
        let _ = writeln!(
            svg,
            "<rect class=\"bar s{at}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\"/>\
             <text x=\"{:.1}\" y=\"{y:.1}\">{name}</text>",
            y - 10.0,
            x + 16.0
        );
    }
    svg.push_str(END);
    out.write_all(svg.as_bytes()).map_err(Error::output)
}

/// A question as a legend has room for it.
fn shortened(query: &str) -> String {
    let mut chars = query.chars();
    let shown: String = chars.by_ref().take(LEGEND).collect();
    if chars.next().is_some() { format!("{shown}…") } else { shown }
}

fn height(of: Share, by_share: bool) -> f64 {
    match (by_share, of.all) {
        (false, _) => of.hits as f64,
        (true, 0) => 0.0,
        (true, all) => of.hits as f64 / all as f64 * 100.0,
    }
}

/// A group of bars for each place of the axis, one bar of each row; rows have the same labels.
fn drawing(title: &str, rows: &[Vec<Bar<'_>>], by_share: bool) -> String {
    let places = rows.first().map_or(0, Vec::len);
    let most = rows.iter().flatten().map(|bar| height(bar.of, by_share)).fold(0.0, f64::max);
    let top = round_up(most);
    let step = (WIDTH - LEFT - 10.0) / places.max(1) as f64;
    let ground = HEIGHT - BOTTOM;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<text x=\"{LEFT}\" y=\"20\">{title}</text>\n",
        height = if rows.len() > 1 { HEIGHT + LEGEND_HEIGHT } else { HEIGHT },
        title = escaped(title)
    );
    // Writing into a string cannot fail.
    for part in 0..=4u32 {
        let value = top * f64::from(part) / 4.0;
        let y = ground - (ground - TOP) * f64::from(part) / 4.0;
        let unit = if by_share { " %" } else { "" };
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{WIDTH}\" y2=\"{y:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}{unit}</text>",
            LEFT - 6.0,
            y + 4.0,
            shown(value)
        );
    }
    let every = places.div_ceil(NAMES).max(1);
    for at in 0..places {
        let middle = LEFT + step * (at as f64 + 0.5);
        group(&mut svg, rows, at, (middle, step), &|of| height(of, by_share) / top * (ground - TOP));
        let Some(bar) = rows.first().and_then(|bars| bars.get(at)) else { continue };
        if at % every == 0 || bar.other {
            // Bins that stand for no period have a line of their own.
            let y = ground + if bar.other { 36.0 } else { 18.0 };
            let label = escaped(bar.label);
            let _ = writeln!(svg, "<text x=\"{middle:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{label}</text>");
        }
    }
    svg.push_str(END);
    svg
}

/// The bars of one place of the axis, around its middle.
fn group(svg: &mut String, rows: &[Vec<Bar<'_>>], at: usize, (middle, step): (f64, f64), high: &dyn Fn(Share) -> f64) {
    let count = rows.len().max(1) as f64;
    let width = (step * 0.8 / count).clamp(0.5, WIDEST_BAR);
    for (row, bars) in rows.iter().enumerate() {
        let Some(bar) = bars.get(at) else { continue };
        let x = middle + (row as f64 - count / 2.0) * width;
        let class = match (bar.other, rows.len()) {
            (true, 1) => "other".to_owned(),
            (false, 1) => "bar".to_owned(),
            _ => format!("bar s{row}"),
        };
        let high = high(bar.of);
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{high:.1}\">\
             <title>{}: {} of {} articles</title></rect>",
            HEIGHT - BOTTOM - high,
            escaped(bar.label),
            thousands(bar.of.hits),
            thousands(bar.of.all)
        );
    }
}

/// The next number that a scale of four parts can end with: 1, 2, 4 or 8 times a power of ten; never 0.
fn round_up(most: f64) -> f64 {
    let mut power = 1.0;
    while power * 8.0 < most {
        power *= 10.0;
    }
    [1.0, 2.0, 4.0, 8.0].into_iter().map(|times| times * power).find(|end| *end >= most).unwrap_or(power * 8.0)
}

fn shown(value: f64) -> String {
    if value.fract() == 0.0 { thousands(value as u64) } else { format!("{value:.2}") }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in sanitize::line(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hits::{Bin, Unit};

    fn drawn(title: &str, by_share: bool) -> String {
        let bin = |label: &str, hits: u64| Bin { label: label.into(), articles: Share { hits, all: 40 } };
        let bins = vec![bin("2022-01", 1), bin("2022-02", 0), bin("2022-03", 16)];
        let found = Timeline { unit: Unit::Month, bins, vague: Share::default(), undated: Share { hits: 2, all: 3 } };
        let mut out = Vec::new();
        timeline_svg(&mut out, title, &found, by_share).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_period_has_a_bar_and_nothing_gets_out_of_the_title() {
        let svg = drawn("<script>\"x\" & \u{1b}[31m</script>", false);
        assert_eq!(svg.matches("<rect").count(), 4, "{svg}");
        assert_eq!(svg.matches("class=\"other\"").count(), 1);
        assert!(svg.contains("2022-03: 16 of 40 articles") && svg.contains("undated: 2 of 3 articles"));
        assert!(!svg.contains("<script") && !svg.contains('\u{1b}'), "{svg}");
        assert_eq!(svg, drawn("<script>\"x\" & \u{1b}[31m</script>", false));
        assert!(drawn("NATO", true).contains("80 %"));
    }

    #[test]
    fn questions_stand_side_by_side() {
        let bin = |hits: u64| Bin { label: "2022".into(), articles: Share { hits, all: 40 } };
        let compared = |query: &str, hits: u64, undated: u64| Compared {
            query: query.into(),
            timeline: Timeline {
                unit: Unit::Year,
                bins: vec![bin(hits)],
                vague: Share::default(),
                undated: Share { hits: undated, all: 3 },
            },
        };
        let mut out = Vec::new();
        let long = format!("nato <{}>", "x".repeat(90));
        comparison_svg(&mut out, &[compared("russia", 4, 0), compared(&long, 9, 1)], false).unwrap();
        let svg = String::from_utf8(out).unwrap();
        // Two places with two bars each, and two marks in the legend.
        assert_eq!((svg.matches("<rect").count(), svg.matches("s1\"").count()), (6, 3), "{svg}");
        assert!(svg.contains("undated: 1 of 3 articles") && svg.contains("…</text>") && !svg.contains("<x"), "{svg}");
        assert!(svg.ends_with("</svg>\n") && svg.matches("</svg>").count() == 1);
    }

    #[test]
    fn scales_end_with_round_numbers() {
        let check = |most: f64, expected: f64| assert_eq!(round_up(most), expected, "{most}");
        check(0.0, 1.0);
        check(1.0, 1.0);
        check(3.0, 4.0);
        check(16.0, 20.0);
        check(81.0, 100.0);
        check(1234.0, 2000.0);
    }
}
