//! Keys of the catalog that were spelled in another way once.

use serde::{Deserialize, Deserializer};

/// Keys as they were spelled before, and as they are spelled today.
const RENAMED: [(&str, &str); 9] = [
    ("anesthesiology", "anaesthesiology"),
    ("gynecology", "gynaecology"),
    ("gynecology_obstetrics", "gynaecology_obstetrics"),
    ("hematology_oncology", "haematology_oncology"),
    ("pediatric_cardiology", "paediatric_cardiology"),
    ("pediatric_emergency", "paediatric_emergency"),
    ("pediatric_surgery", "paediatric_surgery"),
    ("pediatrics", "paediatrics"),
    ("trauma_orthopedics", "trauma_orthopaedics"),
];

/// The spelling of today of a key that had another one.
pub(crate) fn todays_key(key: &str) -> Option<&'static str> {
    let (_, today) = RENAMED.iter().find(|(before, _)| *before == key)?;
    Some(today)
}

/// The spelling that a key had first.
///
/// Random numbers are drawn by words, so that a stream depends on nothing but its own name: by the first spelling the
/// figures of a seed stay what they were.
pub(crate) fn first_key(key: &str) -> &str {
    RENAMED.iter().find(|(_, today)| *today == key).map_or(key, |(before, _)| before)
}

/// A key in the spelling of today; of a path or a list, every key in it.
///
/// Files of people outlive the spelling of a key: whatever reads keys calls this, so that a network, a catalog and
/// scenarios of different years fit together. Nothing is said about it, because nothing has to be done about it.
pub(crate) fn respelled(text: String) -> String {
    // A hyphen is part of a word: the keys of rules and sources have some, and none of them was renamed.
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    // Nearly every text is spelled as today already, and stays where it is.
    if !text.split(|letter| !is_of_word(letter)).any(|word| todays_key(word).is_some()) {
        return text;
    }

    let mut today = String::with_capacity(text.len() + 2);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        today.push_str(todays_key(word).unwrap_or(word));
        let mark = behind.chars().next();
        today.extend(mark);
        rest = &behind[mark.map_or(0, char::len_utf8)..];
    }
    today
}

/// Reads a key by serde in the spelling of today.
pub(crate) fn read_key<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    String::deserialize(from).map(respelled)
}

/// The same of a key that may be left out.
pub(crate) fn read_maybe_key<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(respelled))
}

/// The same of a list of keys.
pub(crate) fn read_keys<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let keys = Vec::<String>::deserialize(from)?;
    Ok(keys.into_iter().map(respelled).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_respelled_wherever_they_stand_whole() {
        for (before, today) in [
            ("pediatrics", "paediatrics"),
            ("departments.gynecology.beds", "departments.gynaecology.beds"),
            (
                "departments.gynecology.beds=gynecology-rule",
                "departments.gynaecology.beds=gynecology-rule",
            ),
            ("ct; pediatric_emergency::2", "ct; paediatric_emergency::2"),
            ("paediatrics", "paediatrics"),
            ("pediatric", "pediatric"),
            ("my_pediatrics", "my_pediatrics"),
            ("Pädiatrie", "Pädiatrie"),
            ("", ""),
        ] {
            assert_eq!(respelled(before.to_owned()), today);
        }
    }

    #[test]
    fn no_key_of_today_is_one_of_before() {
        for (before, today) in RENAMED {
            assert_eq!((todays_key(before), todays_key(today)), (Some(today), None));
            assert_eq!((first_key(before), first_key(today)), (before, before));
        }
    }
}
