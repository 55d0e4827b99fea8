//! Words and phrases lowered: in which fields each is looked up, in which form, and how much it counts there.

use std::borrow::Cow;

use tantivy::Term;
use tantivy::query::EmptyQuery;
use tantivy::schema::Field as IndexField;

use super::clause::{
    Clause, boosted, compound, filter, intersection, only_token, parts_and_wholes, phrase, row, scored, term, union,
};
use super::expand;
use super::lower::{Lowering, Target};
use super::near::Positional;
use super::sources::{List, Source};
use super::tally::Tally;
use crate::analysis::{Form as TokenForm, filed, filed_form, folds_of};
use crate::engine::proximity::Pattern;
use crate::error::Result;
use crate::field::Field;
use crate::query::{Form, Phrase, Word};
use crate::rank::{ACTOR_BOOST, FORM_BOOST, TITLE_BOOST};
use crate::text::fold;

/// Where a word is looked up, and how.
struct Place {
    /// What an explanation calls it.
    name: &'static str,
    field: IndexField,
    form: TokenForm,
    boost: f32,
}

impl Lowering<'_> {
    /// The field that ranks plain words, and the one that has their forms and places. Quotes, which are short and not
    /// searched as often, have but one.
    pub fn ranking_fields(&self) -> (IndexField, IndexField) {
        match self.target {
            Target::Articles => (self.fields.all, self.fields.text_forms),
            Target::Quotes => (self.fields.said_forms, self.fields.said_forms),
        }
    }

    /// What is looked up at a place of a word or phrase: names of actors are indexed in small letters, so that `US` is no
    /// other word than `us` among them.
    fn asked<'t>(&self, place: &Place, text: &'t str) -> Cow<'t, str> {
        match place.form {
            TokenForm::Folded if place.field != self.fields.author => Cow::Owned(fold(text)),
            _ => Cow::Borrowed(text),
        }
    }

    /// A word in every place it is looked up.
    pub fn word(&self, word: &Word, field: Option<Field>) -> Result<Vec<(&'static str, Clause)>> {
        let mut parts = Vec::new();
        match word.form {
            Form::Plain => {
                if let Some(code) = self.country_code(&word.text, field) {
                    return Ok(vec![("code", code)]);
                }
                let rarity = if self.scored && field.is_none() { self.rarity_of(&word.text)? } else { 1.0 };
                let places = self.places(field);
                for place in &places {
                    let clause = match (place.name, place.form) {
                        ("form", _) => self.very_form(place.field, &word.text, places[0].field)?,
                        (_, TokenForm::Stemmed) => self.any_form(place.field, &word.text)?,
                        (_, form) => compound(place.field, &self.asked(place, &word.text), form),
                    };
                    parts.push((place.name, boosted(clause, place.boost * rarity)));
                }
                parts.extend(self.actor_id(&word.text, field).map(|clause| ("id", clause)));
            }
            Form::Exact => match (self.target, field) {
                (Target::Quotes, _) | (_, None | Some(Field::Text | Field::Title)) => {
                    parts.push(("as written", self.as_written(&word.text)?));
                }
                (Target::Articles, Some(_)) => {
                    return self.word(&Word { form: Form::Plain, ..word.clone() }, field);
                }
            },
            Form::Pattern | Form::Fuzzy(_) => {
                for place in self.exact_places(field) {
                    let folded = fold(&word.text);
                    let words = match word.form {
                        Form::Fuzzy(most) => {
                            expand::misspelt(self.searcher, &[place.field], &folded, usize::from(most))?
                        }
                        _ => expand::pattern(self.searcher, &[place.field], &folded)?,
                    };
                    let token = |word: &String| match place.form {
                        TokenForm::Filed => filed_form(word),
                        _ => word.clone(),
                    };
                    let any = union(words.iter().map(|word| scored(place.field, &token(word))).collect());
                    parts.push((place.name, boosted(any, place.boost)));
                }
            }
        }
        Ok(parts)
    }

    /// A plain word in any form. The field that ranks articles knows no places, so the parts of a compound are looked up
    /// elsewhere.
    fn any_form(&self, field: IndexField, text: &str) -> Result<Clause> {
        let (fields, (ranks, forms)) = (&self.fields, self.ranking_fields());
        if field != ranks || ranks == forms {
            return self.inflected(field, text);
        }
        let folded = fold(text);
        let tokens = row(text, TokenForm::Stemmed);
        let mut ways = match tokens.as_slice() {
            // Names are indexed in small letters, also in the field that ranks: `US` is another word there.
            [only] if only.text != only.text.to_lowercase() => vec![compound(ranks, text, TokenForm::Stemmed)],
            [] | [_] => return Ok(compound(ranks, text, TokenForm::Stemmed)),
            _ => vec![self.inflected(forms, text)?, boosted(self.inflected(fields.title_forms, text)?, TITLE_BOOST)],
        };
        let boost = if tokens.len() == 1 { 0.0 } else { ACTOR_BOOST };
        ways.extend(fields.names().map(|names| boosted(compound(names, &folded, TokenForm::Folded), boost)));
        Ok(union(ways))
    }

    /// A plain word in a field that has every form under its stem; of a compound the parts in a row, or the whole.
    fn inflected(&self, field: IndexField, text: &str) -> Result<Clause> {
        let (parts, wholes) = parts_and_wholes(text, TokenForm::Stemmed);
        let mut ways: Vec<Clause> = Vec::with_capacity(1 + wholes.len());
        for whole in &wholes {
            ways.push(Box::new(self.stem(field, &whole.text)?));
        }
        if let Some(first) = parts.first() {
            let places = parts.iter().map(|part| part.position - first.position);
            ways.push(Box::new(Positional {
                field,
                bounds: self.fields.bounds,
                lists: parts.iter().map(|part| self.list_of_forms(field, &part.text)).collect::<Result<_>>()?,
                pattern: Pattern::Row((0..).zip(places).collect()),
                inside: None,
                times: 1,
            }));
        }
        Ok(union(ways))
    }

    /// A stem in a field that has every form under it.
    pub fn stem(&self, field: IndexField, stem: &str) -> Result<Tally> {
        let having = if self.scored { self.having_any(field, stem)? } else { 0 };
        Ok(Tally { counted: vec![Source::forms(field, stem)], but: Vec::new(), having, length_of: field })
    }

    /// How many documents have a stem in the field that ranks.
    pub fn having_stem(&self, stem: &str) -> Result<u64> {
        match self.ranking_fields() {
            (ranks, forms) if ranks == forms => self.having_any(forms, stem),
            (ranks, _) => self.frequency(&Term::from_field_text(ranks, stem)),
        }
    }

    /// A stem as a list of a pattern.
    pub fn list_of_forms(&self, field: IndexField, stem: &str) -> Result<List> {
        let sources = vec![Source::forms(field, stem)];
        let having = if self.scored { self.having_stem(stem)? } else { 0 };
        Ok(List { sources, ranks_as: Vec::new(), having })
    }

    /// One word as typed, in its very form; another field tells how long its document is.
    fn very_form(&self, field: IndexField, text: &str, length_of: IndexField) -> Result<Clause> {
        let Some(token) = only_token(text, TokenForm::Filed) else {
            return Ok(compound(field, text, TokenForm::Filed));
        };
        let form = Term::from_field_text(field, &token);
        let having = if self.scored { self.frequency(&form)? } else { 0 };
        Ok(Box::new(Tally { counted: vec![Source::One(form)], but: Vec::new(), having, length_of }))
    }

    /// A word as it is written, case and accents kept; of a compound all of its parts.
    ///
    /// What is written as it is folded is not in the field of spellings. It is where the folded form comes up more often
    /// than everything that is written otherwise.
    fn as_written(&self, text: &str) -> Result<Clause> {
        let fields = &self.fields;
        let (folded, spelt) = match self.target {
            Target::Articles => (vec![fields.text_forms, fields.title_forms], fields.spelt),
            Target::Quotes => (vec![fields.said_forms], fields.said_spelt),
        };
        let of = |written: &str| -> Result<Clause> {
            let (mut counted, mut but) = (Vec::new(), Vec::new());
            for under in folds_of(written) {
                if under == written {
                    let form = filed_form(&under);
                    counted.extend(folded.iter().map(|field| Source::one(*field, &form)));
                    but.push(Source::spellings(spelt, &under));
                } else {
                    counted.push(Source::one(spelt, &filed(&under, written)));
                }
            }
            let mut tally = Tally { counted, but, having: 0, length_of: self.ranking_fields().0 };
            if self.scored {
                tally.having = tally.documents(self.searcher).map_err(super::failed)?;
            }
            Ok(Box::new(tally))
        };
        let words = row(text, TokenForm::Written);
        let mut all = words.iter().map(|token| of(&token.text)).collect::<Result<Vec<_>>>()?;
        if words.len() > 1 {
            // Spellings have no places; the same words folded do.
            let filed = row(text, TokenForm::Filed);
            let in_a_row = |field: &IndexField| phrase(*field, filed.iter().map(|token| token.text.as_str()));
            all.push(filter(union(folded.iter().map(in_a_row).collect())));
        }
        Ok(intersection(all))
    }

    /// A phrase in every place it is looked up.
    pub fn phrase(&self, asked: &Phrase, field: Option<Field>) -> Vec<(&'static str, Clause)> {
        let mut parts = Vec::new();
        for place in self.exact_places(field) {
            let words = row(&self.asked(&place, &asked.text), place.form);
            let clause: Clause = match words.as_slice() {
                [] => Box::new(EmptyQuery),
                [only] => scored(place.field, &only.text),
                _ => phrase(place.field, words.iter().map(|token| token.text.as_str())),
            };
            parts.push((place.name, boosted(clause, place.boost)));
        }
        parts.extend(self.actor_id(&asked.text, field).map(|clause| ("id", clause)));
        parts
    }

    /// Where plain words are looked up under a field; the first place has them all, the others only add to the score.
    fn places(&self, field: Option<Field>) -> Vec<Place> {
        let (fields, (ranks, forms)) = (&self.fields, self.ranking_fields());
        let place = |name, field, form, boost| Place { name, field, form, boost };
        let mut places = match (self.target, field) {
            (Target::Quotes, None | Some(Field::Said)) => {
                vec![place("quote", ranks, TokenForm::Stemmed, 1.0), place("form", forms, TokenForm::Filed, FORM_BOOST)]
            }
            (Target::Articles, None) => {
                vec![place("words", ranks, TokenForm::Stemmed, 1.0), place("form", forms, TokenForm::Filed, FORM_BOOST)]
            }
            (Target::Articles, Some(Field::Text)) => {
                vec![place("text", forms, TokenForm::Stemmed, 1.0), place("form", forms, TokenForm::Filed, FORM_BOOST)]
            }
            (Target::Articles, Some(Field::Title)) => {
                vec![place("title", fields.title_forms, TokenForm::Stemmed, TITLE_BOOST)]
            }
            _ => self.exact_places(field),
        };
        if !self.scored {
            places.retain(|place| place.name != "form");
        }
        places
    }

    /// Where phrases, patterns and misspellings are looked up under a field: words in their very form.
    fn exact_places(&self, field: Option<Field>) -> Vec<Place> {
        let fields = &self.fields;
        let name = |name, field, boost| Place { name, field, form: TokenForm::Folded, boost };
        let actors = |boost| fields.names().map(|field| name("actor", field, boost));
        let words = |name, field, boost| Place { name, field, form: TokenForm::Filed, boost };
        match (self.target, field) {
            (Target::Quotes, None | Some(Field::Said)) => vec![words("quote", fields.said_forms, 1.0)],
            (Target::Quotes, Some(Field::Speaker)) => vec![name("speaker", fields.speaker_name, 1.0)],
            (Target::Articles, None) => {
                let text = [words("text", fields.text_forms, 1.0), words("title", fields.title_forms, TITLE_BOOST)];
                text.into_iter().chain(actors(ACTOR_BOOST)).collect()
            }
            (Target::Quotes, Some(Field::Addressee)) => vec![name("addressee", fields.addressee_name, 1.0)],
            (_, Some(Field::Text)) => vec![words("text", fields.text_forms, 1.0)],
            (_, Some(Field::Title)) => vec![words("title", fields.title_forms, TITLE_BOOST)],
            (_, Some(Field::Actor)) => actors(1.0).into(),
            (_, Some(Field::Person)) => vec![name("person", fields.person_name, 1.0)],
            (_, Some(Field::Org)) => vec![name("organisation", fields.org_name, 1.0)],
            (_, Some(Field::Country)) => vec![name("country", fields.country_name, 1.0)],
            (_, Some(Field::Author)) => vec![name("author", fields.author, 1.0)],
            _ => Vec::new(),
        }
    }

    /// The code of a country, which is no word of its names: `US` is one of the US Virgin Islands.
    fn country_code(&self, text: &str, field: Option<Field>) -> Option<Clause> {
        let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        (field == Some(Field::Country) && is_code)
            .then(|| term(Term::from_field_text(self.fields.country, &fold(text))))
    }

    /// The value of a name field taken as an id or a code.
    fn actor_id(&self, text: &str, field: Option<Field>) -> Option<Clause> {
        let index_field = match field? {
            Field::Actor | Field::Person | Field::Org => self.fields.actor,
            Field::Speaker => self.fields.speaker,
            Field::Addressee => self.fields.addressee,
            Field::Country => self.fields.country,
            _ => return None,
        };
        Some(term(Term::from_field_text(index_field, &fold(text))))
    }
}
