//! A timeline as a drawing: bars, a scale, a title; readable on light and dark ground, the same bytes every time.

use std::fmt::Write as _;
use std::io::Write;

use super::number::thousands;
use super::sanitize;
use crate::error::{Error, Result};
use crate::hits::{Share, Timeline};

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
.other{fill:#777}line{stroke:#444}}";

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
    out.write_all(drawing(title, &bars, by_share).as_bytes()).map_err(Error::output)
}

fn height(of: Share, by_share: bool) -> f64 {
    match (by_share, of.all) {
        (false, _) => of.hits as f64,
        (true, 0) => 0.0,
        (true, all) => of.hits as f64 / all as f64 * 100.0,
    }
}

fn drawing(title: &str, bars: &[Bar<'_>], by_share: bool) -> String {
    let most = bars.iter().map(|bar| height(bar.of, by_share)).fold(0.0, f64::max);
    let top = round_up(most);
    let step = (WIDTH - LEFT - 10.0) / bars.len().max(1) as f64;
    let ground = HEIGHT - BOTTOM;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<text x=\"{LEFT}\" y=\"20\">{title}</text>\n",
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
    let every = bars.len().div_ceil(NAMES).max(1);
    for (at, bar) in bars.iter().enumerate() {
        let width = (step * 0.8).clamp(0.5, WIDEST_BAR);
        let (x, high) =
            (LEFT + step * at as f64 + (step - width) / 2.0, height(bar.of, by_share) / top * (ground - TOP));
        let class = if bar.other { "other" } else { "bar" };
        let label = escaped(bar.label);
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{high:.1}\">\
             <title>{label}: {} of {} articles</title></rect>",
            ground - high,
            thousands(bar.of.hits),
            thousands(bar.of.all)
        );
        if at % every == 0 || bar.other {
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
                x + width / 2.0,
                // Bins that stand for no period have a line of their own.
                ground + if bar.other { 36.0 } else { 18.0 }
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
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
