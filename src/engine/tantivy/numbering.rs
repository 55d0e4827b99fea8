//! The values of a column in the whole index, numbered: each segment numbers only its own.

use std::io;

use tantivy::columnar::{Dictionary, StrColumn};

/// The values of several segments under one numbering, in the order of their bytes.
pub struct Numbering {
    /// For each segment the number of each of its values.
    numbers: Vec<Vec<u32>>,
    /// For each number a segment that has the value, and the place of the value there.
    homes: Vec<(u32, u32)>,
}

impl Numbering {
    /// Merges the dictionaries of the segments, `None` where a segment has no such column.
    pub fn of(columns: &[Option<&StrColumn>]) -> io::Result<Self> {
        let mut streams = Vec::new();
        for (segment, column) in (0u32..).zip(columns) {
            if let Some(column) = column {
                let mut stream = column.dictionary().stream()?;
                if stream.advance() {
                    streams.push((segment, stream));
                }
            }
        }
        let mut numbers: Vec<Vec<u32>> = columns.iter().map(|_| Vec::new()).collect();
        let mut homes = Vec::new();
        let mut least = Vec::new();
        while let Some(next) = streams.iter().map(|(_, stream)| stream.key()).min() {
            least.clear();
            least.extend_from_slice(next);
            let number = narrow(homes.len())?;
            let mut home = None;
            for at in (0..streams.len()).rev() {
                let (segment, stream) = &mut streams[at];
                if stream.key() != least.as_slice() {
                    continue;
                }
                let own = &mut numbers[*segment as usize];
                home = Some((*segment, narrow(own.len())?));
                own.push(number);
                if !stream.advance() {
                    streams.swap_remove(at);
                }
            }
            homes.extend(home);
        }
        Ok(Self { numbers, homes })
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.homes.len()
    }

    /// The numbers of the values of a segment, by their places there.
    pub fn of_segment(&self, segment: u32) -> &[u32] {
        self.numbers.get(segment as usize).map_or(&[], Vec::as_slice)
    }

    /// A segment that has the value with this number, and the place of the value there.
    pub fn home(&self, number: u32) -> Option<(u32, u32)> {
        self.homes.get(number as usize).copied()
    }
}

fn narrow(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("a column has more than 4,294,967,295 different values"))
}

/// The value at a place of a dictionary.
pub fn value(dictionary: &Dictionary, place: u32) -> io::Result<String> {
    let mut bytes = Vec::new();
    dictionary.ord_to_term(u64::from(place), &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
