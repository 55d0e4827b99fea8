//! Hands our tokens to tantivy: it only ever reads rows that our analyser has packed.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::Words;

/// Name of the tokenizer of all fields of words.
pub const READY: &str = "ready";

/// Every tokenizer that the schema names; tantivy does not store them.
pub fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(READY, Unpacker);
    manager
}

#[derive(Clone)]
struct Unpacker;

impl Tokenizer for Unpacker {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { words: Words::new(text), token: Token::default() }
    }
}

struct Stream<'a> {
    words: Words<'a>,
    token: Token,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some((text, place)) = self.words.next() else { return false };
        self.token.text.clear();
        self.token.text.push_str(text);
        self.token.position = place as usize;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
