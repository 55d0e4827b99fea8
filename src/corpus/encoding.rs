//! Makes text of bytes: marks of byte order, UTF-8, UTF-16, UTF-32 and the older encodings, told by their content.
//!
//! Two steps, because a file of JSON lines may mix UTF-8 with something older: [`open`] looks at a whole file, refuses
//! what is not text and unpacks wide characters; [`decode`] makes UTF-8 of it, [`decode_as`] of one line. No article is lost for its
//! encoding: what cannot be decoded becomes `U+FFFD` and is reported.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A file whose characters are bytes again: UTF-8 or an older encoding of eight bits.
pub struct Opened<'a> {
    /// The file without its mark of byte order; borrowed when nothing had to be unpacked.
    pub bytes: Cow<'a, [u8]>,
    /// How many bytes of the file stand before a borrowed `bytes`.
    pub start: usize,
    /// What was broken in the unpacked characters.
    pub warning: Option<String>,
}

/// The older encoding of a file, when it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Legacy(&'static Encoding);

/// How files begin that are no text, whatever their name says.
const MAGIC: [(&[u8], &str); 17] = [
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"%PDF-", "PDF"),
    (b"\x7fELF", "ELF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"SQLite format 3\0", "SQLite"),
    (b"{\\rtf1", "RTF"),
];

/// Control characters allowed in valid UTF-8, in percent: prose has none, damaged prose a few.
const MOST_CONTROL_UTF8: usize = 10;

/// The same where bytes are not UTF-8: random bytes reach 11 %, so the evidence must be clearer.
const MOST_CONTROL_LEGACY: usize = 3;

/// How many bytes show whether a file is UTF-16.
const WIDE_SAMPLE: usize = 4096;

/// How many bytes, from shortly before the first that is not ASCII, show which older encoding it is.
const GUESS_SAMPLE: usize = 1 << 20;

/// Looks at a whole file: removes the mark of byte order, unpacks UTF-16 and UTF-32, and refuses what is not text.
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, String> {
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(format!("not text (looks like {name})"));
    }
    let opened = unpack(bytes);
    let valid = std::str::from_utf8(&opened.bytes).is_ok();
    let most = if valid { MOST_CONTROL_UTF8 } else { MOST_CONTROL_LEGACY };
    let control = opened.bytes.iter().filter(|byte| is_control(**byte)).count();
    // A lone stray character in a short note is no proof of anything.
    if control > 1 && control * 100 > opened.bytes.len() * most {
        return Err(format!("not text ({} % control characters)", control * 100 / opened.bytes.len()));
    }
    Ok(opened)
}

/// Makes UTF-8 of bytes that [`open`] returned; the second value says what was broken.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<String>) {
    decode_as(bytes, None)
}

/// Makes UTF-8 of one line of a file, in the older encoding of that file unless it is UTF-8.
pub fn decode_as(bytes: &[u8], legacy: Option<Legacy>) -> (Cow<'_, str>, Option<String>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), None);
    }
    if let Some(Damage { first, broken }) = damage(bytes) {
        let places = if broken == 1 { "place" } else { "places" };
        let reason = format!("broken UTF-8 at byte {first}, in {broken} {places}; kept with `\u{fffd}`");
        return (String::from_utf8_lossy(bytes), Some(reason));
    }
    let encoding = legacy.map_or_else(|| guess(bytes), |legacy| legacy.0);
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    let warning = lossy.then(|| format!("broken {} in it; kept with `\u{fffd}`", encoding.name()));
    (text, warning)
}

/// Makes UTF-8 of bytes that say themselves which encoding they are of, as XML does. What is UTF-8 is taken for it whatever
/// it says: many programs write one thing and declare another.
pub fn decode_declared<'a>(bytes: &'a [u8], declared: Option<&[u8]>) -> (Cow<'a, str>, Option<String>) {
    let encoding = declared.and_then(Encoding::for_label).filter(|encoding| *encoding != UTF_8);
    // A wide encoding was unpacked before, if the file was of one.
    let encoding = encoding.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE);
    decode_as(bytes, encoding.filter(|_| damage(bytes).is_none()).map(Legacy))
}

/// The older encoding of a file of lines, told by all its lines together: a single one says too little.
///
/// `None` when every line is UTF-8, whole or damaged.
pub fn legacy<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Legacy> {
    let mut sample = Vec::new();
    for line in lines.filter(|line| std::str::from_utf8(line).is_err() && damage(line).is_none()) {
        sample.extend_from_slice(line);
        sample.push(b'\n');
        if sample.len() > GUESS_SAMPLE {
            break;
        }
    }
    (!sample.is_empty()).then(|| Legacy(guess(&sample)))
}

/// Where bytes that are UTF-8 on the whole are broken.
struct Damage {
    first: usize,
    broken: usize,
}

/// Looks for the damage, or returns `None` when the bytes are of another encoding.
///
/// Damaged UTF-8 has more whole characters than broken ones; elsewhere such characters only arise by accident.
fn damage(bytes: &[u8]) -> Option<Damage> {
    let (mut whole, mut broken, mut first, mut at) = (0, 0, None, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            broken += 1;
            first.get_or_insert(at);
        }
        at += chunk.invalid().len();
    }
    first.filter(|_| whole >= broken).map(|first| Damage { first, broken })
}

fn unpack(bytes: &[u8]) -> Opened<'_> {
    if let Some((wide, little)) = utf32(bytes) {
        return from_utf32(wide, little);
    }
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) if encoding == UTF_8 => {
            Opened { bytes: Cow::Borrowed(&bytes[length..]), start: length, warning: None }
        }
        Some((wide, length)) => from_utf16(&bytes[length..], wide),
        None => match unmarked_utf16(bytes) {
            Some(wide) => from_utf16(bytes, wide),
            None => Opened { bytes: Cow::Borrowed(bytes), start: 0, warning: None },
        },
    }
}

/// What follows the mark of byte order of UTF-32, and whether the low byte comes first.
///
/// The little-endian mark is also that of UTF-16 before a NUL, which no text begins with.
fn utf32(bytes: &[u8]) -> Option<(&[u8], bool)> {
    let little = bytes.strip_prefix(b"\xff\xfe\0\0").map(|rest| (rest, true));
    little.or_else(|| bytes.strip_prefix(b"\0\0\xfe\xff").map(|rest| (rest, false)))
}

fn from_utf32(bytes: &[u8], little: bool) -> Opened<'static> {
    let mut text = String::with_capacity(bytes.len() / 4);
    let mut warning = None;
    for unit in bytes.chunks(4) {
        let value = <[u8; 4]>::try_from(unit).ok();
        let value = value.map(|unit| if little { u32::from_le_bytes(unit) } else { u32::from_be_bytes(unit) });
        let decoded = value.and_then(char::from_u32);
        if decoded.is_none() {
            warning = Some("broken UTF-32 in it; kept with `\u{fffd}`".to_owned());
        }
        text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Opened { bytes: Cow::Owned(text.into_bytes()), start: 0, warning }
}

fn from_utf16(bytes: &[u8], encoding: &'static Encoding) -> Opened<'static> {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    let warning = lossy.then(|| format!("broken {} in it; kept with `\u{fffd}`", encoding.name()));
    Opened { bytes: Cow::Owned(text.into_owned().into_bytes()), start: 0, warning }
}

/// Tells UTF-16 without a mark: the high bytes are zero for ASCII and all alike for the letters of one script.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(WIDE_SAMPLE)];
    // Text of eight bits has no NUL to speak of, and most files end here.
    memchr::memchr(0, sample)?;
    [(UTF_16LE, 1), (UTF_16BE, 0)].into_iter().find(|(_, high)| is_wide(sample, *high)).map(|(encoding, _)| encoding)
}

fn is_wide(sample: &[u8], high: usize) -> bool {
    let (mut pairs, mut ascii, mut zero_low) = (0, 0, 0);
    let mut scripts = [0usize; 256];
    for pair in sample.chunks_exact(2) {
        let (top, low) = (pair[high], pair[1 - high]);
        pairs += 1;
        match top {
            0 if is_control(low) => return false,
            0 => ascii += 1,
            _ => scripts[usize::from(top)] += 1,
        }
        zero_low += usize::from(low == 0);
    }
    let script = scripts.iter().max().copied().unwrap_or(0);
    pairs >= 2 && ascii * 20 >= pairs && zero_low * 50 <= pairs && (ascii + script) * 5 >= pairs * 4
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(64);
    let sample = &bytes[start..bytes.len().min(start + GUESS_SAMPLE)];
    // Curly marks and dashes alone are what English typewritten on Windows has; there is no letter to tell more by.
    if sample.iter().all(|byte| byte.is_ascii() || is_windows_mark(*byte)) {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Quotation marks, dashes, ellipsis, bullet, euro and the no-break space of Windows-1252.
fn is_windows_mark(byte: u8) -> bool {
    matches!(byte, 0x80 | 0x82 | 0x84 | 0x85 | 0x91..=0x97 | 0x99 | 0xa0)
}

/// Whether a byte is a control character that plain text has no use for.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1f | 0x7f)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(bytes: &[u8]) -> Result<(String, Option<String>), String> {
        let opened = open(bytes)?;
        let (text, broken) = decode(&opened.bytes);
        Ok((text.into_owned(), opened.warning.or(broken)))
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(text_of(bytes), Ok((expected.to_owned(), None)));
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let wide_be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        let in_code = |name: &[u8], text: &str| Encoding::for_label(name).unwrap().encode(text).0.into_owned();
        check(b"", "");
        check(b"plain", "plain");
        check("Zoë said “no”".as_bytes(), "Zoë said “no”");
        check(b"\xef\xbb\xbfZo\xc3\xab", "Zoë");
        check(&[b"\xff\xfe".as_slice(), &wide("Zoë 🕊")].concat(), "Zoë 🕊");
        check(&[b"\xfe\xff".as_slice(), &wide_be("Zoë 🕊")].concat(), "Zoë 🕊");
        check(&wide("The minister said no."), "The minister said no.");
        check(&wide_be("The minister said no."), "The minister said no.");
        check(&wide("Министр ответил — нет."), "Министр ответил — нет.");
        check(&wide("قال الوزير إنه لن يستقيل."), "قال الوزير إنه لن يستقيل.");
        check(b"\xff\xfe\0\0Z\0\0\0o\0\0\0\xeb\0\0\0", "Zoë");
        check(b"\0\0\xfe\xff\0\0\0Z\0\0\0o\0\0\0\xeb", "Zoë");
        check(b"he said \x93no\x94 \x96 twice", "he said “no” – twice");
        let french = "Le président a déclaré que l’été serait très long, même à Genève.";
        check(&in_code(b"windows-1252", french), french);
        let german = "Der Außenminister sagte, man müsse über Österreich reden.";
        check(&in_code(b"iso-8859-1", german), german);
        let russian = "Министр иностранных дел заявил, что переговоры продолжатся.";
        check(&in_code(b"windows-1251", russian), russian);
        check(&in_code(b"koi8-r", russian), russian);
        let chinese = "外交部发言人表示，中方一贯主张通过对话解决争端。";
        check(&in_code(b"gbk", chinese), chinese);
        let greek = "Ο υπουργός δήλωσε ότι οι συνομιλίες θα συνεχιστούν αύριο στην Αθήνα.";
        check(&in_code(b"iso-8859-7", greek), greek);
    }

    #[test]
    fn broken_text_is_kept_and_reported() {
        let check = |bytes: &[u8], text: &str, part: &str| {
            let (found, warning) = text_of(bytes).unwrap();
            assert_eq!(found, text);
            assert!(warning.is_some_and(|warning| warning.contains(part)), "{text}");
        };
        check(b"Zo\xc3\xab and \xff and Zo\xc3\xab", "Zoë and \u{fffd} and Zoë", "at byte 9, in 1 place;");
        check(b"\xff\xfeZ\0\x00\xd8o\0", "Z\u{fffd}o", "broken UTF-16LE");
        check(b"\xff\xfe\0\0Z\0\0\0\0\xd8\0\0", "Z\u{fffd}", "broken UTF-32");
    }

    #[test]
    fn stray_control_characters_stay() {
        let check = |text: &str| assert_eq!(text_of(text.as_bytes()), Ok((text.to_owned(), None)));
        check("hello\0world");
        check("a\0");
        check("the \u{1b}[31mred\u{1b}[0m line crossed the whole page of this long sentence");
    }

    #[test]
    fn what_is_not_text_is_refused_by_name() {
        let check = |bytes: &[u8], part: &str| {
            let reason = text_of(bytes).unwrap_err();
            assert!(reason.starts_with("not text (") && reason.contains(part), "{reason}");
        };
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG");
        check(b"\x7fELF\x02\x01\x01\0", "ELF");
        check(b"%PDF-1.7\n", "PDF");
        check(b"PK\x03\x04\x14\0", "ZIP");
        check(&[0; 64], "100 % control");
        check(b"\x01\x02\x03abcdef", "control");
        let mut random = blake3::Hasher::new().finalize_xof();
        let mut bytes = [0; 4096];
        random.fill(&mut bytes);
        check(&bytes, "control");
    }

    proptest! {
        #[test]
        fn utf8_is_never_mistaken(text in "\\PC{0,80}") {
            if let Ok((found, warning)) = text_of(text.as_bytes()) {
                prop_assert_eq!(found, text.trim_start_matches('\u{feff}'));
                prop_assert_eq!(warning, None);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = text_of(&bytes);
        }
    }
}
