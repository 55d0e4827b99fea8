//! Reads mutated questions for as long as asked: `cargo run --release --example fuzz_query -- SECONDS [SEED]`.
//!
//! Every question is read, printed and read again; a panic, a tree that does not come back, or a question that takes
//! longer than two seconds ends the run with the question in hand.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chancery::query::{Options, parse};

/// Questions of every shape, and pieces that syntax is made of.
const SEEDS: &[&str] = &[
    "Kritenbrink NATO",
    "\"red line\"~5 speaker:Lavrov",
    "(a OR b) -c",
    "title:(a NEAR/5 b)",
    "a SAME/S b SAME/P c",
    "atleast3(\"a b\") in:quote",
    "date:2022-02..2022-03",
    "since:3w",
    "source:(reuters OR ap)",
    "kritenb* wom?n x~2",
    "=Turkey",
    "U.S. don't l’Oréal",
    "-has:date",
    "confidence>=0.8",
    "date-quality:inferred",
    "習近平 OR Путин",
    "actor:(state:CN OR person:xi-jinping)",
    "a w/5 (b OR c)",
    "AROUND(5)",
    "https://example.org/a?b=c",
    "((((a))))",
    "“„«»”",
    "\"",
    "(",
    ")",
    "|",
    "&&",
    ":",
    "~",
    "*",
    "?",
    "=",
    "-",
    " OR ",
    " AND ",
    " NOT ",
    " NEAR/3 ",
    "in:quote ",
    "[2020 TO 2021]",
    "\u{0}",
    "\u{202e}",
    "\u{301}",
    "\u{200d}",
    "9999999999",
    "^2",
];

/// The longest question that is made, in bytes.
const LONGEST: usize = 6_000;

/// No question takes a thousandth of this; a machine that is busy elsewhere may take a while.
const TOO_LONG: Duration = Duration::from_secs(2);

/// Numbers without a library (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn seed(&mut self) -> &'static str {
        SEEDS[self.below(SEEDS.len())]
    }

    /// A question that was changed a little: a piece put in, cut out, doubled, or a character in place of another.
    fn mutate(&mut self, question: &str) -> String {
        let places: Vec<usize> =
            question.char_indices().map(|(at, _)| at).chain(std::iter::once(question.len())).collect();
        let (a, b) = (places[self.below(places.len())], places[self.below(places.len())]);
        let (from, to) = (a.min(b), a.max(b));
        match self.below(5) {
            0 => format!("{}{}{}", &question[..from], self.seed(), &question[from..]),
            1 => format!("{}{}", &question[..from], &question[to..]),
            2 => format!("{question}{}", &question[from..to]),
            3 => {
                let odd = char::from_u32(self.below(0x11_0000) as u32).unwrap_or(' ');
                format!("{}{odd}{}", &question[..from], &question[to..])
            }
            _ => format!("{question} {}", self.seed()),
        }
    }
}

/// What is wrong with how a question is read, if anything.
fn fault(question: &str, options: &Options) -> Option<String> {
    let begun = Instant::now();
    let Ok(parsed) = parse(question, options) else {
        return (begun.elapsed() > TOO_LONG).then(|| "too slow to refuse".to_owned());
    };
    let canonical = parsed.query.to_string();
    let again = parse(&canonical, &Options { any: false, ..*options });
    if begun.elapsed() > TOO_LONG {
        return Some("too slow".to_owned());
    }
    match again {
        Ok(again) if again.query == parsed.query => None,
        Ok(again) => Some(format!("printed as `{canonical}` and read as `{}`", again.query)),
        Err(error) => Some(format!("printed as `{canonical}`: {error}")),
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap_or(0));
    let seconds = arguments.next().unwrap_or(60);
    let mut dice = Dice(arguments.next().unwrap_or(0) | 0x9e37_79b9_7f4a_7c15);
    let Ok(today) = "2024-06-15".parse() else { return ExitCode::FAILURE };
    let begun = Instant::now();
    let mut question = String::new();
    let (mut tried, mut read) = (0u64, 0u64);
    while begun.elapsed() < Duration::from_secs(seconds) {
        question = if dice.below(50) == 0 || question.len() > LONGEST {
            dice.seed().to_owned()
        } else {
            dice.mutate(&question)
        };
        let options = Options { today, any: dice.below(4) == 0 };
        if let Some(fault) = fault(&question, &options) {
            eprintln!("{fault}\n{question:?}");
            return ExitCode::FAILURE;
        }
        tried += 1;
        read += u64::from(parse(&question, &options).is_ok());
    }
    println!("{tried} questions in {seconds} s, {read} of them read, none with a fault");
    ExitCode::SUCCESS
}
