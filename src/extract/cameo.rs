//! Takes in lists of actors with CAMEO codes, as TABARI, PETRARCH and Phoenix have them.
//!
//! ```text
//! ADA_BRANDT_                      a name; an underscore at the end forbids longer words
//! +A._BRANDT_                      another name of the same actor
//!     [NORGOV 010101-050101]       what it was, and when: country and roles, three letters each
//!     [NORELI]
//! ```
//!
//! The lists are in capitals, and name states by their adjectives, towns and misspellings. So a name of one word is
//! taken as ambiguous, names of states are left to the built-in tables, and whatever cannot be used is told with its
//! line. The codes themselves go into the note of the row.

use rustc_hash::FxHashMap;

use crate::extract::overlay::named;
use crate::extract::shouted::{Shouted, read_name};
use crate::extract::sources::BUILTIN;
use crate::extract::table::{TableError, rows};
use crate::extract::tables::Tables;
use crate::extract::vocabulary::{class, key};
use crate::facts::ActorKind;
use crate::text::slug;

/// What a list became.
#[derive(Debug, Default)]
pub struct Imported {
    /// The table, as text.
    pub table: String,
    /// How many actors it has.
    pub actors: usize,
    /// How many names.
    pub names: usize,
    /// How many names were left out because the tables have them already.
    pub known: usize,
    /// What could not be used, line by line.
    pub unused: Vec<TableError>,
}

/// One actor of the list.
#[derive(Default)]
struct Block<'a> {
    names: Vec<(usize, &'a str)>,
    codes: Vec<(usize, &'a str)>,
}

/// A row in the making.
#[derive(Default)]
struct Entry {
    name: String,
    kind: Option<ActorKind>,
    country: Option<String>,
    aliases: Vec<String>,
    acronyms: Vec<String>,
    note: String,
}

/// Turns a list into a table of the user's own.
pub fn import(file: &str, bytes: &[u8], tables: &Tables) -> Imported {
    let mut import = Import {
        file,
        tables,
        codes: codes(),
        unused: Vec::new(),
        known: 0,
        order: Vec::new(),
        entries: FxHashMap::default(),
    };
    import.read(bytes);
    import.finish()
}

/// Kinds of roles, and our codes of countries by theirs.
struct Codes {
    kinds: FxHashMap<&'static str, ActorKind>,
    countries: FxHashMap<&'static str, &'static str>,
}

fn codes() -> Codes {
    let mut codes = Codes { kinds: FxHashMap::default(), countries: FxHashMap::default() };
    let states = BUILTIN.states.lines().filter(|line| !line.starts_with('#')).skip(1);
    for line in states {
        let mut cells = line.split('\t');
        if let (Some(code), Some(three)) = (cells.next(), cells.next().filter(|three| !three.is_empty())) {
            codes.countries.insert(three, code);
        }
    }
    // The columns are ours and tested, so a mistake here leaves codes out and no more.
    for row in rows("cameo.tsv", include_str!("data/cameo.tsv"), &["code", "sort", "value"]).unwrap_or_default() {
        if row.cell(1) == "country" {
            codes.countries.insert(row.cell(0), row.cell(2));
        } else if let Some(kind) = ActorKind::from_name(row.cell(2)) {
            codes.kinds.insert(row.cell(0), kind);
        }
    }
    codes
}

struct Import<'a> {
    file: &'a str,
    tables: &'a Tables,
    codes: Codes,
    unused: Vec<TableError>,
    known: usize,
    /// Ids in the order they came.
    order: Vec<String>,
    entries: FxHashMap<String, Entry>,
}

impl<'a> Import<'a> {
    fn unused(&mut self, line: usize, reason: impl Into<String>) {
        self.unused.push(TableError { file: self.file.to_owned(), line, reason: reason.into() });
    }

    fn read(&mut self, bytes: &'a [u8]) {
        let mut block = Block::default();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate().map(|(at, line)| (at + 1, line)) {
            let Ok(line) = std::str::from_utf8(line) else {
                self.unused(number, "not valid UTF-8");
                continue;
            };
            let line = line.trim_start_matches('\u{feff}').split([';', '#']).next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if line.starts_with('!') {
                self.unused(number, "a set of substitutions, no actor");
                continue;
            }
            let (name, codes) = line.split_at(line.find('[').unwrap_or(line.len()));
            let name = name.trim();
            let more = name.strip_prefix('+').or_else(|| name.strip_prefix('&'));
            if more.is_none() && !name.is_empty() {
                // Names in a row without a code between them share the code behind them.
                if !block.codes.is_empty() {
                    self.close(std::mem::take(&mut block));
                }
            }
            let name = more.unwrap_or(name).trim();
            if !name.is_empty() {
                block.names.push((number, name));
            }
            self.split_codes(&mut block, number, codes);
        }
        self.close(block);
    }

    /// `[CODE dates] [CODE]`, or what is wrong with it.
    fn split_codes(&mut self, block: &mut Block<'a>, number: usize, mut rest: &'a str) {
        while let Some(open) = rest.find('[') {
            let Some(length) = rest[open..].find(']') else {
                self.unused(number, "a code without its closing bracket");
                return;
            };
            block.codes.push((number, rest[open + 1..open + length].trim()));
            rest = &rest[open + length + 1..];
        }
    }

    fn close(&mut self, block: Block<'a>) {
        let Some((line, _)) = block.names.first().copied() else {
            for (line, code) in &block.codes {
                self.unused(*line, format!("the code `{code}` belongs to no name"));
            }
            return;
        };
        let Some((country, kind, coded)) = self.meaning(&block) else {
            let reason = match block.codes.first() {
                None => "no code says what it is".to_owned(),
                Some((_, code)) => format!("`{code}` stands for a common noun or is to be passed over"),
            };
            block.names.iter().for_each(|(line, _)| self.unused(*line, reason.clone()));
            return;
        };
        let names: Vec<(usize, Shouted)> = block.names.iter().filter_map(|(line, raw)| self.name(*line, raw)).collect();
        if kind == Some(ActorKind::State) {
            let code = country.clone().unwrap_or_default();
            for (line, name) in &names {
                if self.known_in(&name.text, &code) {
                    self.known += 1;
                    continue;
                }
                let reason = format!(
                    "`{}` goes with the country {code}: a town, a people or a misspelling? add it by hand",
                    name.text
                );
                self.unused(*line, reason);
            }
            return;
        }
        let dated = block.codes.iter().any(|(_, code)| code.contains(char::is_whitespace)) || coded.contains("ELI");
        self.add(line, names, country, kind, dated, coded);
    }

    /// The country and kind that the codes tell, and the codes as they stand; `None` where they tell of no actor.
    fn meaning(&mut self, block: &Block<'a>) -> Option<(Option<String>, Option<ActorKind>, String)> {
        let mut best: Option<(bool, Option<String>, Option<ActorKind>)> = None;
        for (line, code) in &block.codes {
            let (letters, dates) = code.split_at(code.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(code.len()));
            if letters.len() < 3 || letters.len() % 3 != 0 {
                if !code.contains(['~', '-']) || !letters.is_empty() {
                    self.unused(*line, format!("`{code}` is no code of three letters each"));
                }
                continue;
            }
            if !dates.is_empty() && !are_dates(dates.trim()) {
                self.unused(
                    *line,
                    format!("`{}` are no dates like 990131-020630; the code is taken without them", dates.trim()),
                );
            }
            let parts: Vec<&str> = (0..letters.len() / 3).map(|at| &letters[at * 3..at * 3 + 3]).collect();
            let country = parts.iter().find_map(|part| self.codes.countries.get(part)).map(|code| (*code).to_owned());
            let role = parts.iter().find_map(|part| self.codes.kinds.get(part)).copied();
            let alone = parts.len() == 1 && country.is_some();
            let kind = if alone { Some(ActorKind::State) } else { role };
            // What is still in force, or is not dated at all, tells most.
            let lasting = dates.trim().is_empty() || dates.contains('>');
            let better = match &best {
                None => true,
                Some((_, had_country, had_kind)) => {
                    lasting && (country.is_some() || had_country.is_none()) && (kind.is_some() || had_kind.is_none())
                }
            };
            if better {
                best = Some((lasting, country, kind));
            }
        }
        let coded: Vec<&str> = block.codes.iter().map(|(_, code)| *code).collect();
        best.map(|(_, country, kind)| (country, kind, coded.join("; ")))
    }

    fn name(&mut self, line: usize, raw: &str) -> Option<(usize, Shouted)> {
        match read_name(raw, self.tables) {
            Ok(name) => Some((line, name)),
            Err(reason) => {
                self.unused(line, reason);
                None
            }
        }
    }

    /// Whether the tables have this as a name of something in that country.
    fn known_in(&self, text: &str, country: &str) -> bool {
        let lexicon = &self.tables.lexicon;
        named(lexicon, &self.tables.vocabulary, text)
            .iter()
            .any(|actor| lexicon.actors[*actor as usize].country.as_deref() == Some(country))
    }

    fn add(
        &mut self,
        line: usize,
        names: Vec<(usize, Shouted)>,
        country: Option<String>,
        kind: Option<ActorKind>,
        dated: bool,
        coded: String,
    ) {
        let Some((_, first)) = names.first() else { return };
        let kind =
            if self.is_person(first, kind, dated) { ActorKind::Person } else { kind.unwrap_or(ActorKind::Unknown) };
        let lexicon = &self.tables.lexicon;
        let of_kind = |actor: &u32| lexicon.actors[*actor as usize].kind == kind;
        let known = names.iter().find_map(|(_, name)| {
            let actors = named(lexicon, &self.tables.vocabulary, &name.text);
            actors.into_iter().find(of_kind).map(|actor| lexicon.actors[actor as usize].id.clone())
        });
        let new = known.is_none();
        let id = known.unwrap_or_else(|| format!("{}:{}", prefix(kind), slug(&first.text)));
        if slug(&first.text).is_empty() {
            self.unused(line, "a name without letters");
            return;
        }
        let mut entry = self.entries.remove(&id).unwrap_or_default();
        if entry.note.is_empty() {
            self.order.push(id.clone());
            entry.note = format!("CAMEO {coded}");
            if new {
                (entry.name, entry.kind, entry.country) = (first.text.clone(), Some(kind), country);
            }
        }
        let initials: Vec<String> = names.iter().map(|(_, name)| name.initials.clone()).collect();
        for (at, (line, name)) in names.iter().enumerate() {
            self.take_name(
                &id,
                &mut entry,
                *line,
                name,
                initials.iter().enumerate().any(|(n, of)| n != at && *of == name.letters),
            );
        }
        self.entries.insert(id, entry);
    }

    /// Adds one name to a row, unless it is there or is the name of another actor.
    fn take_name(&mut self, id: &str, entry: &mut Entry, line: usize, name: &Shouted, spelled_out: bool) {
        let lexicon = &self.tables.lexicon;
        let owners = named(lexicon, &self.tables.vocabulary, &name.text);
        if owners.iter().any(|actor| lexicon.actors[*actor as usize].id == id) {
            self.known += 1;
            return;
        }
        if let Some(other) = owners.first() {
            let other = lexicon.actors[*other as usize].id.clone();
            if entry.name == name.text {
                entry.name.push('?');
            }
            self.unused(line, format!("`{}` is a name of {other} already", name.text));
            return;
        }
        if name.words == 1 && (spelled_out || name.is_acronym) {
            push(&mut entry.acronyms, name.letters.clone());
        } else if name.text != entry.name.trim_end_matches('?') {
            push(&mut entry.aliases, if name.words == 1 { format!("{}?", name.text) } else { name.text.clone() });
        } else if name.words == 1 && !entry.name.ends_with('?') {
            entry.name.push('?');
        }
        if let Some(letters) = &name.bracketed {
            push(&mut entry.acronyms, letters.clone());
        }
    }

    /// A person has two words and more, none of them an organisation's, and dated roles, or a given name where the code
    /// tells of no body.
    fn is_person(&self, name: &Shouted, kind: Option<ActorKind>, dated: bool) -> bool {
        let bits = |word: &str| self.tables.vocabulary.find(key(word)).1;
        let words: Vec<&str> = name.text.split([' ', '-']).collect();
        let body = words.iter().any(|word| bits(word) & (class::ORG_LAST | class::ORG_FIRST | class::EVENT) != 0);
        let given = words.first().is_some_and(|word| bits(word) & class::GIVEN != 0);
        let bodies = [ActorKind::Company, ActorKind::Igo, ActorKind::Ngo, ActorKind::ArmedGroup];
        let given = given && !kind.is_some_and(|kind| bodies.contains(&kind));
        (2..=5).contains(&name.words) && !body && (given || dated)
    }

    fn finish(mut self) -> Imported {
        let mut imported =
            Imported { table: "id\tname\tkind\tcountry\taliases\tacronyms\tnote\n".to_owned(), ..Imported::default() };
        for id in &self.order {
            let Some(entry) = self.entries.get(id) else { continue };
            let names = usize::from(!entry.name.is_empty()) + entry.aliases.len() + entry.acronyms.len();
            if names == 0 {
                continue;
            }
            imported.actors += 1;
            imported.names += names;
            let cells = [
                id.as_str(),
                &entry.name,
                entry.kind.map_or("", ActorKind::name),
                entry.country.as_deref().unwrap_or_default(),
                &entry.aliases.join("|"),
                &entry.acronyms.join("|"),
                &entry.note,
            ];
            imported.table.push_str(&(cells.join("\t") + "\n"));
        }
        self.unused.sort_by_key(|one| one.line);
        (imported.unused, imported.known) = (self.unused, self.known);
        imported
    }
}

fn push(list: &mut Vec<String>, name: String) {
    if !list.contains(&name) {
        list.push(name);
    }
}

fn prefix(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Igo => "igo",
        ActorKind::ArmedGroup => "group",
        ActorKind::Party => "party",
        ActorKind::Court => "court",
        ActorKind::Company => "company",
        ActorKind::Media => "media",
        _ => "org",
    }
}

/// `990131-020630`, `>20070101`, `<900823`.
fn are_dates(dates: &str) -> bool {
    let one = |date: &str| matches!(date.len(), 6 | 8) && date.bytes().all(|byte| byte.is_ascii_digit());
    match dates.strip_prefix(['<', '>']) {
        Some(date) => one(date.trim()),
        None => dates.split_once('-').is_some_and(|(from, to)| one(from.trim()) && one(to.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(list: &str, rows: &[&str], unused: &[&str]) {
        let imported = import("l.txt", list.as_bytes(), Tables::builtin());
        let found: Vec<String> = imported.table.lines().skip(1).map(|row| row.replace('\t', " ; ")).collect();
        assert_eq!(found, rows);
        let told: Vec<String> = imported.unused.iter().map(ToString::to_string).collect();
        assert!(
            told.len() == unused.len() && told.iter().zip(unused).all(|(told, part)| told.starts_with(part)),
            "{told:#?}"
        );
    }

    #[test]
    fn blocks_become_rows() {
        check(
            "# a comment\nADA_BRANDTOVA_ ; from a list\n+A._BRANDTOVA_\n\t[NORELI 010101-050101]\n\t[NORGOV >050102]\n",
            &[
                "person:ada-brandtova ; Ada Brandtova ; person ; NO ; A. Brandtova ;  ; CAMEO NORELI 010101-050101; NORGOV >050102",
            ],
            &[],
        );
        check(
            "THE_PIER_LIBERATION_FRONT_(PXLF)_\n+PLF_OF_THE_PIERS_\n+PIERISTS_ [NORREB]\n",
            &[
                "group:pier-liberation-front ; Pier Liberation Front ; armed-group ; NO ; PLF of the Piers|Pierists? ; PXLF ; CAMEO NORREB",
            ],
            &[],
        );
        check(
            "HARBOUR_UNION_OF_PIERS_\nHUP_\n\t[IGO]\nNATO_ [IGOMIL]\n+NORTH_PIER_ALLIANCE_\n",
            &[
                "igo:harbour-union-of-piers ; Harbour Union of Piers ; igo ;  ;  ; HUP ; CAMEO IGO",
                "igo:nato ;  ;  ;  ; North Pier Alliance ;  ; CAMEO IGOMIL",
            ],
            &[],
        );
    }

    #[test]
    fn nothing_is_dropped_in_silence() {
        check("NORWAY_ [NOR]\n+NORWEGIAN_\n+NORGEVIA_\n", &[], &["l.txt:3: `Norgevia` goes with the country NO"]);
        check("FISHERMAN_ [~AGR]\n", &[], &["l.txt:1: `~AGR` stands for a common noun"]);
        check("!PERSON! = MAN, WOMAN\n", &[], &["l.txt:1: a set of substitutions"]);
        check("PIER_X_BRIGADE_\n", &[], &["l.txt:1: no code says what it is"]);
        check("PIER_X_BRIGADE_ [NORREB\n", &[], &["l.txt:1: a code without its closing", "l.txt:1: no code"]);
        check("\t[NORREB]\n", &[], &["l.txt:1: the code `NORREB` belongs to no name"]);
        check("PIER_X_BRIGADE_ [NORREBS]\n", &[], &["l.txt:1: `NORREBS` is no code", "l.txt:1: `NORREBS` stands"]);
        check(
            "PIER_X_BRIGADE_ [NORREB 2004017-20061201]\n",
            &["group:pier-x-brigade ; Pier X Brigade ; armed-group ; NO ;  ;  ; CAMEO NORREB 2004017-20061201"],
            &["l.txt:1: `2004017-20061201` are no dates"],
        );
        check("PIER+X_BRIGADE_ [NORREB]\n", &[], &["l.txt:1: `PIER+X_BRIGADE_` holds `+`"]);
        check("", &[], &[]);
        let imported = import("l.txt", b"X\xff_Y_ [NORREB]\n", Tables::builtin());
        assert_eq!(imported.unused[0].to_string(), "l.txt:1: not valid UTF-8");
    }

    #[test]
    fn a_table_of_codes_is_sound() {
        let codes = codes();
        assert_eq!(codes.countries.get("NOR"), Some(&"NO"));
        assert_eq!(codes.countries.get("KSV"), Some(&"XK"));
        assert!(codes.kinds.len() > 20);
        for code in codes.countries.values() {
            assert!(Tables::builtin().lexicon.find(&format!("state:{code}")).is_some(), "{code}");
        }
    }
}
