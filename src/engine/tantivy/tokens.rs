//! Hands our analyser to tantivy: it only ever sees tokens we made.

use tantivy::tokenizer::{PreTokenizedString, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::{self, Form, Tokens};

/// Name of the tokenizer of stemmed words.
pub const STEMMED: &str = "stemmed";
/// Name of the tokenizer of folded words.
pub const FOLDED: &str = "folded";
/// Name of the tokenizer of words as written.
pub const WRITTEN: &str = "written";

/// Every tokenizer that the schema names; tantivy does not store them.
pub fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, form) in [(STEMMED, Form::Stemmed), (FOLDED, Form::Folded), (WRITTEN, Form::Written)] {
        manager.register(name, Analyser(form));
    }
    manager
}

/// A text with its tokens, so that it is analysed once for several fields.
pub fn analysed(text: &str, form: Form) -> PreTokenizedString {
    let token = |token: analysis::Token| Token {
        offset_from: token.span.start as usize,
        offset_to: token.span.end as usize,
        position: token.position as usize,
        text: token.text,
        position_length: 1,
    };
    PreTokenizedString { text: String::new(), tokens: analysis::tokens(text, form).map(token).collect() }
}

/// A token of a field in which places mean nothing.
pub fn bare(text: String) -> Token {
    Token { text, position: 0, ..Token::default() }
}

#[derive(Clone)]
struct Analyser(Form);

impl Tokenizer for Analyser {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { tokens: analysis::tokens(text, self.0), token: Token::default() }
    }
}

struct Stream<'a> {
    tokens: Tokens<'a>,
    token: Token,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        self.token.offset_from = token.span.start as usize;
        self.token.offset_to = token.span.end as usize;
        self.token.position = token.position as usize;
        self.token.text = token.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
