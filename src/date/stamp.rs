//! The short form of ISO 8601, as wires and machines write it, in the long form that everybody else writes.

use std::borrow::Cow;

/// A day of the short form of ISO 8601, `YYYYMMDD`, in its long form; anything else as it is.
pub fn dashed(day: &str) -> Cow<'_, str> {
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return Cow::Owned(format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]));
    }
    Cow::Borrowed(day)
}

/// A time stamp of the short form of ISO 8601 (`20170102T222800+0000`, as wires write it), or one whose zone has no colon,
/// in the form of RFC 3339.
pub fn spelled_out(text: &str) -> Option<String> {
    let (day, rest) = text.split_once(['T', ' '])?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at(zone_at);
    let (time, zone) = (time.trim(), zone.trim());
    let day = dashed(day);
    let time = match time.len() {
        6 if time.is_ascii() => format!("{}:{}:{}", &time[..2], &time[2..4], &time[4..]),
        4 if time.is_ascii() => format!("{}:{}:00", &time[..2], &time[2..]),
        5 => format!("{time}:00"),
        _ => time.to_owned(),
    };
    let zone = match zone.len() {
        5 if zone.is_ascii() => format!("{}:{}", &zone[..3], &zone[3..]),
        3 => format!("{zone}:00"),
        _ => zone.to_owned(),
    };
    Some(format!("{day}T{time}{zone}"))
}
